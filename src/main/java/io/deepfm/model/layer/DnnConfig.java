package io.deepfm.model.layer;

import io.deepfm.config.Require;
import java.util.List;

/**
 * The deep network.
 *
 * @param hiddenUnits the width of each hidden layer
 * @param activation the activation after each hidden layer
 * @param dropout the probability that a hidden unit is dropped in training
 * @param useBatchNorm whether batch normalization stands between a layer and its activation
 */
public record DnnConfig(List<Integer> hiddenUnits, Activation activation, double dropout, boolean useBatchNorm) {
    /** Checks ranges. */
    public DnnConfig {
        hiddenUnits = List.copyOf(hiddenUnits);
        Require.allAtLeast("hidden_units", hiddenUnits, 1);
        Require.that(
                activation != Activation.IDENTITY,
                "activation",
                "must be relu, leaky_relu, gelu or tanh, found identity: without an activation the deep network is linear");
        Require.within("dropout", dropout, 0, 1);
    }
}
