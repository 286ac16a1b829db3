package io.deepfm.cli;

import io.deepfm.cli.failure.DamagedTable;
import io.deepfm.cli.failure.FullDisk;
import io.deepfm.cli.failure.FullMemory;
import io.deepfm.cli.failure.HeapWatch;
import io.deepfm.cli.stop.StopSignal;
import io.deepfm.config.Choice;
import io.deepfm.config.ConfigException;
import io.deepfm.config.names.NearestName;
import io.deepfm.config.redaction.Redaction;
import io.deepfm.job.Configurations;
import io.deepfm.pipeline.lock.LockedException;
import io.deepfm.report.Version;
import io.deepfm.storage.DataException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point: {@code deepfm COMMAND --config FILE}. */
@Command(
        name = "deepfm",
        description = "Click-through-rate models on Spark and DJL: from raw files to ranking metrics.",
        subcommands = {
            InitCommand.class,
            PipelineCommand.class,
            DownloadCommand.class,
            IngestCommand.class,
            SplitCommand.class,
            EncodeCommand.class,
            DescribeCommand.class,
            SampleCommand.class,
            TrainCommand.class,
            ScoreCommand.class,
            BaselinesCommand.class,
            EvaluateCommand.class,
            ExplainCommand.class,
            PredictCommand.class,
            RecommendCommand.class,
            TuneCommand.class,
            CompareCommand.class,
            BenchmarkCommand.class,
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class)
public final class Main {

    /** Usage or configuration. */
    static final int EXIT_CONFIG = 2;
    /** Data. */
    static final int EXIT_DATA = 3;
    /** Anything else. */
    static final int EXIT_OTHER = 1;

    private final StopSignal stop;
    private final HeapWatch heap;

    /** What {@code --version} prints. */
    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"deepfm-spark " + Version.PROGRAM};
        }
    }

    Main(StopSignal stop, HeapWatch heap) {
        this.stop = stop;
        this.heap = heap;
    }

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param args a command and its options
     */
    public static void main(String[] args) {
        int exitCode = run(args);
        // Spark's and the engine's threads must not keep a finished process alive.
        System.exit(exitCode);
    }

    /** Runs a command; tests call this. */
    static int run(String... args) {
        try (StopSignal stop = new StopSignal(Thread.currentThread());
                HeapWatch heap = new HeapWatch(Thread.currentThread(), EXIT_OTHER)) {
            return commands(new Main(stop, heap)).execute(args);
        }
    }

    /** The commands with their options, for whoever runs them or only tells of them. */
    static CommandLine commands(Main main) {
        CommandLine commands = new CommandLine(main);
        commands.getSubcommands().values().forEach(command -> {
            command.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, Main::choices);
            if (command.getCommand() instanceof OutputCommand) {
                OutputCommand.makeConfigOptional(command.getCommandSpec());
            }
        });
        return commands.setExecutionExceptionHandler(main::explain)
                .setParameterExceptionHandler(Main::explainUsage)
                .setUsageHelpAutoWidth(true)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    /** What can be chosen by name, from this program and the jars beside it. */
    private static String choices(CommandLine.Help help) {
        StringBuilder text = new StringBuilder(String.format("%nSettings that choose by name:%n"));
        for (Choice choice : Configurations.choices()) {
            text.append(String.format("  %-20s %s%n", choice.key(), String.join(" | ", choice.names())));
        }
        return text.toString();
    }

    private static int explainUsage(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println();
        err.println("error: " + Redaction.of(e.getMessage()));
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            err.println(
                    "       Did you mean " + nearest(unmatched.getUnmatched().get(0), command) + "?");
        }
        if (!command.getSubcommands().isEmpty()) {
            err.println("       Commands: "
                    + String.join(", ", command.getSubcommands().keySet()) + ".");
        }
        err.println("       Run scripts/" + command.getCommandSpec().qualifiedName() + " --help for help.");
        err.flush();
        return EXIT_CONFIG;
    }

    private static String nearest(String typed, CommandLine command) {
        List<String> names = new ArrayList<>();
        command.getSubcommands().keySet().forEach(name -> names.add(command.getCommandName() + " " + name));
        if (names.isEmpty()) {
            command.getCommandSpec().options().forEach(option -> names.add(option.longestName()));
        }
        return NearestName.of(names.get(0).startsWith("-") ? typed : command.getCommandName() + " " + typed, names);
    }

    private int explain(Exception e, CommandLine command, ParseResult parsed) {
        Throwable known = heap.error() != null ? FullMemory.of(heap.error()) : known(e);
        PrintWriter err = command.getErr();
        err.println();
        if (stop.isReceived()) {
            stopped(command).forEach(line -> err.println(Redaction.of(line)));
            err.flush();
            return EXIT_OTHER;
        }
        err.println("error: " + Redaction.of(known == null ? unexpected(e) : known.getMessage()));
        if (command.getCommand() instanceof ConfiguredCommand configured && configured.isVerbose()) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            err.println(Redaction.of(trace.toString()));
        } else if (known == null && command.getCommand() instanceof ConfiguredCommand) {
            err.println("       Run again with --verbose for the stack trace.");
        }
        err.flush();
        return known instanceof ConfigException ? EXIT_CONFIG : known instanceof DataException ? EXIT_DATA : EXIT_OTHER;
    }

    private static List<String> stopped(CommandLine command) {
        return command.getCommand() instanceof ConfiguredCommand configured
                ? configured.stopped().lines()
                : List.of("Stopped.");
    }

    /**
     * An exception whose message was written for a user: a full disk or heap, whatever was being done when it was found,
     * else the first in the chain.
     */
    private static Throwable known(Throwable e) {
        return Stream.<Function<Throwable, Throwable>>of(FullDisk::of, FullMemory::of, Main::told, DamagedTable::of)
                .map(explanation -> explanation.apply(e))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    private static Throwable told(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConfigException
                    || cause instanceof DataException
                    || cause instanceof LockedException) {
                return cause;
            }
        }
        return null;
    }

    private static String unexpected(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage() == null
                ? ""
                : ": " + root.getMessage().lines().findFirst().orElse("");
        String outer = e == root || e.getMessage() == null
                ? ""
                : e.getMessage().lines().findFirst().orElse("") + " ";
        return outer + "(" + root.getClass().getSimpleName() + message + ")";
    }
}
