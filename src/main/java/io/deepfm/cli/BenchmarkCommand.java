package io.deepfm.cli;

import io.deepfm.benchmark.Benchmark;
import io.deepfm.benchmark.BenchmarkReport;
import io.deepfm.benchmark.BenchmarkTable;
import io.deepfm.benchmark.PyTorch;
import io.deepfm.benchmark.Variant;
import io.deepfm.benchmark.What;
import io.deepfm.cli.console.Console;
import io.deepfm.cli.option.PathText;
import io.deepfm.config.ConfigException;
import io.deepfm.job.Session;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** Measures training, scoring and sampling on this machine. */
@Command(
        name = "benchmark",
        description = "Measures training, scoring and sampling on this machine, beside eager PyTorch if asked to;"
                + " --config is conf/benchmark.conf by default.",
        defaultValueProvider = BenchmarkCommand.Defaults.class)
final class BenchmarkCommand extends JobCommand {

    /** The command needs no configuration: it has its own. */
    static final class Defaults implements IDefaultValueProvider {
        @Override
        public String defaultValue(ArgSpec argument) {
            return argument instanceof OptionSpec option && option.longestName().equals("--config")
                    ? "conf/benchmark.conf"
                    : null;
        }
    }

    @Option(
            names = "--what",
            split = ",",
            paramLabel = "WHAT",
            description = "Some of train, score, vocabulary, sampling; default: all.")
    private List<String> what;

    @Option(
            names = "--models",
            split = ",",
            paramLabel = "MODEL",
            description = "Some of the models, such as deepfm,xdeepfm_relu; default: all.")
    private List<String> models;

    @Option(
            names = "--vocabularies",
            split = ",",
            paramLabel = "N",
            defaultValue = "10000,1000000,10000000",
            description = "Hash buckets of the large field of a click log; default: ${DEFAULT-VALUE}.")
    private List<Integer> vocabularies;

    @Option(names = "--rounds", paramLabel = "N", description = "Runs of each; default: ${DEFAULT-VALUE}.")
    private int rounds = 3;

    @Option(names = "--seconds", paramLabel = "S", description = "Seconds per run; default: ${DEFAULT-VALUE}.")
    private double seconds = 3;

    @Option(names = "--warm-up", paramLabel = "S", description = "Seconds before each run; default: ${DEFAULT-VALUE}.")
    private double warmUp = 1.5;

    @Option(
            names = "--pytorch",
            paramLabel = "PYTHON",
            description = "Run the same models in eager PyTorch with this interpreter, and print the ratios.")
    private String python;

    @Option(
            names = "--json",
            paramLabel = "FILE",
            converter = PathText.class,
            description = "Also write all runs and their summary to this file.")
    private String json;

    private Benchmark.Plan plan;
    private Optional<PyTorch> pytorch;

    @Override
    void checkOptions() {
        List<Variant> all = Variant.all();
        Set<What> chosen = what == null
                ? EnumSet.allOf(What.class)
                : what.stream().map(What::of).collect(Collectors.toCollection(() -> EnumSet.noneOf(What.class)));
        List<Variant> variants = models == null
                ? all
                : models.stream().map(name -> Variant.of(name, all)).toList();
        plan = new Benchmark.Plan(chosen, variants, vocabularies, rounds, seconds, warmUp);
        pytorch = Optional.ofNullable(python).map(PyTorch::new);
    }

    @Override
    Session.Access access() {
        return Session.Access.READ;
    }

    @Override
    void run(Session session, Console console) {
        Optional<Path> file =
                Optional.ofNullable(json).map(name -> session.storage().qualified(new Path(name)));
        file.ifPresent(path -> requireWritable(session, path));
        BenchmarkReport report = new Benchmark(session, console, plan, this::settings, pytorch).run();
        console.line("");
        BenchmarkTable.of(report.summary()).forEach(console::line);
        report.machine().forEach((key, value) -> console.line(String.format("  %-12s  %s", key, value)));
        file.ifPresent(path -> {
            session.storage().write(path, report.toJson());
            console.line("");
            console.line("  " + Storage.display(path));
        });
    }

    /** Before the work, rather than after it. */
    private void requireWritable(Session session, Path file) {
        try {
            session.storage().makeWritable(file.getParent());
        } catch (UncheckedIOException | DataException e) {
            throw new ConfigException(
                    "--json " + json + ": its folder is not writable. Choose another. (" + e.getMessage() + ")");
        }
    }
}
