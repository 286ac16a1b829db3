package io.deepfm.baseline.label;

import io.deepfm.config.Extension;
import io.deepfm.config.Registry;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A method that gives labelled rows probabilities beside the models; {@code evaluation.label_baselines} names those that are
 * wanted.
 *
 * @param <S> the settings it reads
 */
public interface LabelBaseline<S extends Record> extends Extension<S> {

    /**
     * A method with one choice of its settings.
     *
     * @param settings the choice, as results.json tells it: numbers and texts by name, in the order of the map
     * @param fit learns from the training rows
     */
    record Variant(Map<String, Object> settings, Supplier<RowLogits> fit) {}

    /**
     * Why the method cannot be used on a dataset, so that nothing of it is tried.
     *
     * @param data the training rows
     * @param settings the settings
     * @return a sentence, or nothing if it can
     */
    default Optional<String> refusal(LabelledRows data, S settings) {
        return Optional.empty();
    }

    /**
     * What there is to choose from, at least one; that with the lowest log loss on validation is kept.
     *
     * @param data the training rows
     * @param settings the settings
     * @return variants, each of which is fitted when its turn comes
     */
    Stream<Variant> variants(LabelledRows data, S settings);

    /**
     * The methods on the classpath.
     *
     * @return by name
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Registry<LabelBaseline<?>> registry() {
        return new Registry("evaluation.label_baselines", LabelBaseline.class);
    }
}
