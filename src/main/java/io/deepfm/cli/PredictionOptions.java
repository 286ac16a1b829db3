package io.deepfm.cli;

import io.deepfm.cli.option.PathText;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of all commands that give rows their probabilities. */
final class PredictionOptions {

    @Option(
            names = "--history",
            paramLabel = "FILE",
            converter = PathText.class,
            description =
                    "Earlier interactions in the dataset's own format, for models with histories; default: those that"
                            + " the model keeps.")
    private String history;

    @Option(
            names = "--explain",
            description =
                    "Add to each row what its logit is the sum of: linear terms, pairs of fields, each field's share of"
                            + " the deep part.")
    private boolean explains;

    Optional<String> history() {
        return Optional.ofNullable(history);
    }

    boolean explains() {
        return explains;
    }
}
