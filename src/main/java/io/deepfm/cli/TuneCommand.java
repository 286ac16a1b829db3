package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.cli.console.SparkLog;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.space.SearchSpace;
import io.deepfm.job.ScoreJob;
import io.deepfm.pipeline.lock.Lock;
import io.deepfm.report.MetricsTable;
import io.deepfm.report.RunDirectory;
import io.deepfm.storage.Storage;
import io.deepfm.tuning.Plan;
import io.deepfm.tuning.Search;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Looks for better settings. */
@Command(
        name = "tune",
        description = "Looks for the settings with the best validation metric; measures the chosen ones alone on test."
                + " Stopped and started again, it goes on.")
final class TuneCommand extends ConfiguredCommand {

    @Option(
            names = "--space",
            required = true,
            paramLabel = "FILE",
            description = "The settings that vary and their values, such as conf/space.conf.")
    private Path space;

    @Option(names = "--trials", defaultValue = "20", description = "Settings to try. Default: ${DEFAULT-VALUE}.")
    private int trials;

    @Option(
            names = "--method",
            defaultValue = "halving",
            description = "halving: the better half trains on after a quarter and half of the epochs; random and grid:"
                    + " all train to the end. Default: ${DEFAULT-VALUE}.")
    private Plan.Method method;

    @Option(
            names = "--finalists",
            defaultValue = "3",
            description = "How many of the best are trained with further seeds. Default: ${DEFAULT-VALUE}.")
    private int finalists;

    @Option(names = "--seeds", defaultValue = "3", description = "Seeds of each finalist. Default: ${DEFAULT-VALUE}.")
    private int seeds;

    @Override
    List<String> kept() {
        return List.of("finished trials", "the epochs of those that were training");
    }

    @Override
    @SuppressWarnings("try") // The lock is held, not used.
    void run(ExperimentConfig settings) {
        ScoreJob.requireTest(settings);
        Plan plan = new Plan(method, trials, finalists, seeds);
        SearchSpace read = SearchSpace.read(space);
        SparkLog.redirect(isVerbose());
        Storage storage = new Storage(SparkHadoopUtil.get().newConfiguration(new SparkConf()));
        RunDirectory run = new RunDirectory(
                storage.qualified(RunDirectory.of(settings, storage).root()));
        storage.makeWritable(run.root());
        try (Lock lock = Lock.take(storage, run.lock(), name(), "output_dir", run.root())) {
            SparkLog.moveTo(run, storage, isVerbose());
            try (Console console = new Console(title(), storage, Optional.of(run.log()))) {
                Search search = new Search(plan, read, this::settings, storage, master(), console);
                print(search.run(config(), overrides()), run, console);
            } finally {
                SparkLog.end(run, storage);
            }
        }
    }

    private static void print(Search.Found found, RunDirectory run, Console console) {
        console.line("");
        console.line(String.format(
                Locale.ROOT, "  %s: validation %.4f, the mean over its seeds", found.trial(), found.validation()));
        console.line("  " + found.settings());
        console.line("");
        MetricsTable.of(Map.of("test", found.results().testMetrics())).forEach(line -> console.line("  " + line));
        console.line("");
        for (String file : List.of("trials.csv", "tune.html", "best.conf")) {
            console.line("  " + Storage.display(new org.apache.hadoop.fs.Path(run.root(), file)));
        }
    }
}
