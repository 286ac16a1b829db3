package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.cli.option.PathText;
import io.deepfm.config.ConfigException;
import io.deepfm.job.Session;
import io.deepfm.job.predict.Output;
import io.deepfm.job.predict.OutputFiles;
import io.deepfm.job.predict.OutputPlace;
import io.deepfm.job.predict.SparkOutput;
import io.deepfm.pipeline.lock.Scratch;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/** A command that uses a trained model and leaves its output in a folder of its own. */
abstract class OutputCommand extends CheckpointCommand {

    @Option(
            names = "--output",
            paramLabel = "DIR",
            converter = PathText.class,
            description =
                    "The folder of Parquet files to write, with --csv the file, with --format the path; with --force, an"
                            + " earlier output is replaced.")
    private String output;

    @Option(names = "--csv", description = "Write one CSV file with a header, of the very name that --output gives.")
    private boolean csv;

    @Option(
            names = "--table",
            paramLabel = "NAME",
            description = "In place of --output: the table of Spark's catalog to write.")
    private String table;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "What Spark writes by this name, to --output or --table or where its options say: orc, json,"
                    + " delta, jdbc, ...")
    private String format;

    @Option(names = "--option", paramLabel = "KEY=VALUE", description = "An option of the format's writer.")
    private Map<String, String> options = Map.of();

    /** The model's folder has all that is needed, so a configuration need not be given beside it. */
    static void makeConfigOptional(CommandSpec spec) {
        OptionSpec config = spec.findOption("--config");
        spec.remove(config);
        spec.addOption(OptionSpec.builder(config)
                .required(false)
                .description("The configuration file; not needed with --checkpoint.")
                .build());
    }

    @Override
    void checkOptions() {
        if (!isConfigured() && !isCheckpointGiven()) {
            throw new ConfigException("Give the model with --checkpoint DIR, or the configuration that trained it with"
                    + " --config FILE.");
        }
        boolean isSparks = format != null || table != null;
        if (output == null && table == null && (format == null || options.isEmpty())) {
            throw new ConfigException("Where should it go? Give --output DIR, --table NAME, or --format with options.");
        }
        if (output != null && table != null) {
            throw new ConfigException("--output and --table are two places: give one of them.");
        }
        if (csv && isSparks) {
            throw new ConfigException("--csv writes one file of our own; with --format csv Spark writes a folder. Leave"
                    + " one of them out, and --table without --csv.");
        }
        if (!isSparks && !options.isEmpty()) {
            throw new ConfigException("--option is for --format or --table.");
        }
    }

    @Override
    final Session.Access access() {
        return Session.Access.READ;
    }

    @Override
    final void run(Session session, Console console) {
        if (output != null) {
            writeFiles(session, console);
        } else {
            SparkOutput place = sparks(Optional.empty());
            write(session, place);
            console.onDetail(place.place());
        }
    }

    private SparkOutput sparks(Optional<String> path) {
        return new SparkOutput(Optional.ofNullable(format), options, path, Optional.ofNullable(table), isForced());
    }

    private void writeFiles(Session session, Console console) {
        OutputPlace place = new OutputPlace(output, csv, session.storage());
        place.requireFree(model(session), inputs().map(Path::new).toList(), isForced());
        Path folder = place.path();
        // Before the work, rather than after it.
        try {
            session.storage().makeWritable(folder.getParent());
        } catch (UncheckedIOException | DataException e) {
            throw new ConfigException(
                    "--output " + output + ": this folder is not writable. Choose another. (" + e.getMessage() + ")");
        }
        try (Scratch scratch = Scratch.beside(session.storage(), folder, name())) {
            Path fresh = scratch.path();
            write(
                    session,
                    format == null
                            ? new OutputFiles(csv, fresh, session.storage())
                            : sparks(Optional.of(fresh.toString())));
            place.mark(fresh, name());
            session.storage().move(fresh, folder);
        }
        console.onDetail(Storage.display(folder));
    }

    /** Does the command's work. */
    abstract void write(Session session, Output place);

    /** The files that it reads, beside the model: what is written must not replace them. */
    abstract Stream<String> inputs();
}
