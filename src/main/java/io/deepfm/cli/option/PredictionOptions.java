package io.deepfm.cli.option;

import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of all commands that give rows their probabilities. */
public final class PredictionOptions {

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

    /**
     * Earlier interactions.
     *
     * @return a file; nothing where those count that the model keeps
     */
    public Optional<String> history() {
        return Optional.ofNullable(history);
    }

    /**
     * Whether rows are explained.
     *
     * @return true if columns are added for it
     */
    public boolean explains() {
        return explains;
    }
}
