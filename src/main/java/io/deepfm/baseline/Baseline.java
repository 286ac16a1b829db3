package io.deepfm.baseline;

import io.deepfm.config.Extension;
import io.deepfm.config.Registry;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A method that ranks candidate lists beside the models; {@code evaluation.baselines} names those that are wanted.
 *
 * @param <S> the settings it reads
 */
public interface Baseline<S extends Record> extends Extension<S> {

    /**
     * Why the method cannot be used on a dataset, so that nothing of it is tried.
     *
     * @param data the training interactions
     * @param settings the settings
     * @return a sentence, or nothing if it can
     */
    default Optional<String> refusal(BaselineData data, S settings) {
        return Optional.empty();
    }

    /**
     * What there is to choose from, at least one; the best on validation is kept.
     *
     * @param data the training interactions
     * @param settings the settings
     * @return variants, each of which is fitted when its turn comes
     */
    Stream<Variant> variants(BaselineData data, S settings);

    /**
     * The baselines on the classpath.
     *
     * @return by name
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Registry<Baseline<?>> registry() {
        return new Registry("evaluation.baselines", Baseline.class);
    }
}
