package io.deepfm.training.optimizer;

import ai.djl.ndarray.NDManager;

/** {@link Adam} with decoupled weight decay. */
public final class AdamW implements OptimizerFactory<Adam.Settings> {

    @Override
    public String name() {
        return "adamw";
    }

    @Override
    public Class<Adam.Settings> settings() {
        return Adam.Settings.class;
    }

    @Override
    public Optimizer create(Adam.Settings settings, NDManager manager, long weights) {
        return new Adam(manager, weights, settings.training().weightDecay(), true);
    }
}
