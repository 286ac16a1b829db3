package io.deepfm.training.optimizer;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.Extension;
import io.deepfm.config.Registry;

/**
 * A kind of optimizer that {@code training.optimizer} chooses.
 *
 * @param <S> the settings it reads
 */
public interface OptimizerFactory<S extends Record> extends Extension<S> {

    /**
     * Creates an optimizer.
     *
     * @param settings the settings
     * @return the formula
     */
    Optimizer create(S settings);

    /**
     * The optimizers on the classpath.
     *
     * @return by name
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Registry<OptimizerFactory<?>> registry() {
        return new Registry("training.optimizer", OptimizerFactory.class);
    }

    /**
     * Creates the optimizer that the settings name.
     *
     * @param config all settings
     * @return the formula
     */
    static Optimizer of(ExperimentConfig config) {
        return create(registry().get(config.training().optimizer()), config);
    }

    private static <S extends Record> Optimizer create(OptimizerFactory<S> factory, ExperimentConfig config) {
        return factory.create(config.settings(factory.settings()));
    }
}
