package io.deepfm.training.optimizer;

import ai.djl.ndarray.NDManager;
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
     * @param manager owns what it gathers
     * @param weights the number of weights N
     * @return before its first step
     */
    Optimizer create(S settings, NDManager manager, long weights);

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
     * @param manager owns what it gathers
     * @param weights the number of weights N
     * @return before its first step
     */
    static Optimizer create(ExperimentConfig config, NDManager manager, long weights) {
        return create(registry().get(config.training().optimizer()), config, manager, weights);
    }

    private static <S extends Record> Optimizer create(
            OptimizerFactory<S> factory, ExperimentConfig config, NDManager manager, long weights) {
        return factory.create(config.settings(factory.settings()), manager, weights);
    }
}
