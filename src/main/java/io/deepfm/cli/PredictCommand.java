package io.deepfm.cli;

import io.deepfm.cli.option.PathText;
import io.deepfm.cli.option.PredictionOptions;
import io.deepfm.job.Session;
import io.deepfm.job.predict.Output;
import io.deepfm.job.predict.PredictJob;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Gives each interaction of a file its probability. */
@Command(
        name = "predict",
        description = "Predicts the probability of each row of a file in the dataset's format for interactions.")
final class PredictCommand extends OutputCommand {

    @Option(
            names = "--input",
            required = true,
            paramLabel = "FILE",
            converter = PathText.class,
            description =
                    "Rows in the dataset's own format; columns that neither a key nor a feature needs, such as the"
                            + " label's, may be missing.")
    private String input;

    @Option(
            names = "--users",
            paramLabel = "FILE",
            converter = PathText.class,
            description = "Users in the dataset's own format; added to the model's, and preferred for the same key.")
    private String users;

    @Option(
            names = "--items",
            paramLabel = "FILE",
            converter = PathText.class,
            description = "Items in the dataset's own format; added to the model's, and preferred for the same key.")
    private String items;

    @Mixin
    private PredictionOptions prediction;

    @Override
    Stream<String> inputs() {
        return Stream.concat(Stream.of(input, users, items), prediction.history().stream())
                .filter(Objects::nonNull);
    }

    @Override
    void write(Session session, Output output) {
        new PredictJob(session, model(session))
                .predict(
                        input,
                        Optional.ofNullable(users),
                        Optional.ofNullable(items),
                        prediction.history(),
                        prediction.explains(),
                        output);
    }
}
