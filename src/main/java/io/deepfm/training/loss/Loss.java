package io.deepfm.training.loss;

import ai.djl.ndarray.NDArray;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.Extension;
import io.deepfm.config.Registry;
import java.util.function.Function;

/**
 * What training makes small, chosen by {@code training.loss}.
 *
 * @param <S> the settings it reads
 */
public interface Loss<S extends Record> extends Extension<S> {

    /**
     * The loss of a batch, by operations through which the engine finds the gradient of the logits.
     *
     * @param predictions logits and labels
     * @param settings the settings
     * @return a single number: the mean over the rows
     */
    NDArray of(Predictions predictions, S settings);

    /**
     * Whether it is about sampled negatives, and without any says nothing.
     *
     * @return false unless the formula says so
     */
    default boolean needsNegatives() {
        return false;
    }

    /**
     * The losses on the classpath.
     *
     * @return by name
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Registry<Loss<?>> registry() {
        return new Registry("training.loss", Loss.class);
    }

    /**
     * The loss that the settings name.
     *
     * @param config all settings
     * @return from a batch's logits and labels to a single number
     */
    static Function<Predictions, NDArray> of(ExperimentConfig config) {
        return bound(registry().get(config.training().loss()), config);
    }

    private static <S extends Record> Function<Predictions, NDArray> bound(Loss<S> loss, ExperimentConfig config) {
        S settings = config.settings(loss.settings());
        return predictions -> loss.of(predictions, settings);
    }
}
