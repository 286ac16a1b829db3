package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.cli.console.SparkLog;
import io.deepfm.cli.option.PathText;
import io.deepfm.comparison.Comparison;
import io.deepfm.comparison.ComparisonPage;
import io.deepfm.comparison.ComparisonTable;
import io.deepfm.storage.Storage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares finished runs over the same candidates. */
@Command(
        name = "compare",
        description =
                "Compares finished runs over the same candidates: test metrics over seeds, the settings that differ,"
                        + " and each setup with the first, user by user. Beside the first run it writes compare.html,"
                        + " with their curves.")
final class CompareCommand implements Callable<Integer> {

    @Parameters(
            arity = "1..*",
            paramLabel = "RUN",
            converter = PathText.class,
            description = "The output_dir of each run.")
    private List<String> runs;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        SparkLog.redirect(false);
        Storage storage = new Storage(SparkHadoopUtil.get().newConfiguration(new SparkConf()));
        List<Path> folders =
                runs.stream().map(run -> storage.qualified(new Path(run))).toList();
        try (Console console = new Console("deepfm compare", storage, Optional.empty())) {
            Comparison comparison = Comparison.of(storage, folders);
            ComparisonTable.of(comparison, console::bold).forEach(line -> console.line(("  " + line).stripTrailing()));
            Path page = new Path(folders.get(0).getParent(), "compare.html");
            storage.write(page, ComparisonPage.of(comparison).toHtml());
            console.line("");
            console.line("  " + Storage.display(page));
        }
        return 0;
    }
}
