package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.cli.console.SparkLog;
import io.deepfm.cli.option.PathText;
import io.deepfm.config.ConfigException;
import io.deepfm.draft.Draft;
import io.deepfm.job.Configurations;
import io.deepfm.job.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A first configuration for files that nobody has described yet. */
@Command(
        name = "init",
        description =
                "Looks at raw files and writes a first configuration for them, with comments that say what was guessed"
                        + " and why.")
final class InitCommand implements Callable<Integer> {

    @Option(
            names = "--interactions",
            required = true,
            paramLabel = "FILE",
            converter = PathText.class,
            description =
                    "What happened: CSV, TSV, other delimited text, JSON lines, Parquet or ORC; a file, a folder or a"
                            + " pattern; text may be compressed.")
    private String interactions;

    @Option(
            names = "--users",
            paramLabel = "FILE",
            converter = PathText.class,
            description = "A table of users, if there is one.")
    private String users;

    @Option(
            names = "--items",
            paramLabel = "FILE",
            converter = PathText.class,
            description = "A table of items, if there is one.")
    private String items;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "The configuration to write; default: conf/NAME.conf after the interactions' file.")
    private Path output;

    @Option(names = "--force", description = "Replace the configuration that is there.")
    private boolean force;

    @Option(names = "--master", paramLabel = "URL", description = "Spark's master, if spark-submit does not set one.")
    private String master;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() {
        Path file = output == null ? Path.of("conf", name(interactions) + ".conf") : output;
        if (Files.exists(file) && !force) {
            throw new ConfigException(
                    "--output " + file + ": the file already exists. Choose another, or replace it with --force.");
        }
        SparkLog.redirect(false);
        Console[] console = new Console[1];
        try (Session session = new Session(
                "init", Configurations.defaults(), Session.Access.READ, master, stage -> false, (storage, log) -> {
                    console[0] = new Console("deepfm init   " + interactions, storage, log);
                    return console[0];
                })) {
            Draft draft = Draft.of(
                    session.spark(),
                    session.storage(),
                    name(file.toString()),
                    interactions,
                    Optional.ofNullable(users),
                    Optional.ofNullable(items));
            write(file, draft.text());
            draft.summary().forEach(line -> console[0].line("  " + line));
            console[0].line("");
            console[0].line("  " + file + " is written. Read its comments, then look at what comes of it:");
            console[0].line("  scripts/deepfm describe --config " + file);
        }
        return 0;
    }

    /** The file's name without its endings, as a name for a dataset. */
    private static String name(String path) {
        String last = path.replaceFirst("/+$", "").replaceFirst(".*/", "").replaceFirst("[.].*", "");
        String name = last.replaceAll("[^A-Za-z0-9_-]+", "-").replaceAll("^-+|-+$", "");
        return name.isEmpty() ? "dataset" : name;
    }

    private static void write(Path file, String text) {
        try {
            if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new ConfigException("--output " + file + ": cannot be written. (" + e.getMessage() + ")");
        }
    }
}
