package io.deepfm.cli;

import io.deepfm.job.PredictJob;
import io.deepfm.job.Session;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Gives each interaction of a file its probability. */
@Command(
        name = "predict",
        description = "Gives each row of a file, in the dataset's own format for interactions, its probability.")
final class PredictCommand extends OutputCommand {

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            description = "Rows in the dataset's own format; columns that no key and no feature needs, such as the"
                    + " label's, may be missing.")
    private String input;

    @Option(
            names = "--users",
            paramLabel = "FILE",
            description = "Users in the dataset's own format, beside those of the model or in their place.")
    private String users;

    @Option(
            names = "--items",
            paramLabel = "FILE",
            description = "Items in the dataset's own format, beside those of the model or in their place.")
    private String items;

    @Override
    void write(Session session, Path folder) {
        new PredictJob(session, model(session))
                .predict(input, Optional.ofNullable(users), Optional.ofNullable(items), folder);
    }
}
