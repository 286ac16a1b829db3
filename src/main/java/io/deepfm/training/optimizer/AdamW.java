package io.deepfm.training.optimizer;

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
    public Optimizer create(Adam.Settings settings) {
        return new Adam(settings.training().weightDecay(), true);
    }
}
