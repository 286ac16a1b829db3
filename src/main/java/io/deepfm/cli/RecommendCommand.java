package io.deepfm.cli;

import io.deepfm.config.ConfigException;
import io.deepfm.job.Session;
import io.deepfm.job.predict.RecommendJob;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The best items of the whole catalogue for each user. */
@Command(
        name = "recommend",
        description = "Recommends the top items of the whole catalogue to all users, or to those of a file.")
final class RecommendCommand extends OutputCommand {

    @Option(
            names = "--users",
            paramLabel = "FILE",
            description = "Users in the dataset's own format, known to the model or not; default: all users of the"
                    + " model.")
    private String users;

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description =
                    "Earlier interactions in the dataset's own format, for models with histories; default: those that"
                            + " the model keeps.")
    private String history;

    @Option(names = "--top", paramLabel = "N", description = "Items per user; default: ${DEFAULT-VALUE}.")
    private int top = 10;

    @Option(names = "--include-seen", description = "Include items that the user has already interacted with.")
    private boolean includeSeen;

    @Option(names = "--csv", description = "Also write CSV with a header, in the folder csv of the output.")
    private boolean csv;

    @Override
    void checkOptions() {
        if (top < 1) {
            throw new ConfigException("--top " + top + ": must be at least 1.");
        }
    }

    @Override
    void write(Session session, Path folder) {
        new RecommendJob(session, model(session))
                .recommend(Optional.ofNullable(users), Optional.ofNullable(history), top, includeSeen, csv, folder);
    }
}
