package io.deepfm.model.interaction;

import io.deepfm.config.Require;
import io.deepfm.model.layer.Activation;
import java.util.List;

/**
 * The compressed interaction network of xDeepFM.
 *
 * @param layerSizes the number of feature maps of each layer
 * @param splitHalf whether half of each layer but the last feeds the next and the other half the output
 * @param activation the activation of each layer: {@code identity}, which the paper found best, or {@code relu}
 */
public record CinConfig(List<Integer> layerSizes, boolean splitHalf, Activation activation) {
    /** Checks ranges. */
    public CinConfig {
        layerSizes = List.copyOf(layerSizes);
        Require.allAtLeast("layer_sizes", layerSizes, 1);
        for (int i = 0; splitHalf && i + 1 < layerSizes.size(); i++) {
            Require.fit(
                    layerSizes.get(i) % 2 == 0,
                    List.of("layer_sizes", "split_half"),
                    "must be even in every layer but the last if split_half is true, found " + layerSizes);
        }
        Require.that(
                activation == Activation.IDENTITY || activation == Activation.RELU,
                "activation",
                "must be identity or relu, found " + activation.name().toLowerCase());
    }
}
