package io.deepfm.model.interaction;

import io.deepfm.config.Default;
import io.deepfm.config.Require;

/**
 * The cross network of DCNv2.
 *
 * @param numCrossLayers the number of cross layers; with L of them interactions have an order of up to L + 1
 */
public record CrossConfig(@Default("3") int numCrossLayers) {
    /** Checks ranges. */
    public CrossConfig {
        Require.atLeast("num_cross_layers", numCrossLayers, 1);
    }
}
