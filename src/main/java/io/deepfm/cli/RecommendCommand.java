package io.deepfm.cli;

import io.deepfm.config.ConfigException;
import io.deepfm.job.RecommendJob;
import io.deepfm.job.Session;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The best items of the whole catalogue for each user. */
@Command(name = "recommend", description = "The best items of the whole catalogue for all users, or those of a file.")
final class RecommendCommand extends OutputCommand {

    @Option(
            names = "--users",
            paramLabel = "FILE",
            description = "Users in the dataset's own format, known to the model or not; all of the model's where no"
                    + " file is given.")
    private String users;

    @Option(names = "--top", paramLabel = "N", description = "The items per user; ${DEFAULT-VALUE} where not given.")
    private int top = 10;

    @Option(names = "--include-seen", description = "Also the items that the user has interacted with already.")
    private boolean includeSeen;

    @Option(names = "--csv", description = "Also as CSV with a header, in the folder csv of the output.")
    private boolean csv;

    @Override
    void checkOptions() {
        if (top < 1) {
            throw new ConfigException("--top " + top + ": write a number of at least 1.");
        }
    }

    @Override
    void write(Session session, Path folder) {
        new RecommendJob(session, model(session)).recommend(Optional.ofNullable(users), top, includeSeen, csv, folder);
    }
}
