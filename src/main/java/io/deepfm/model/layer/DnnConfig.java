package io.deepfm.model.layer;

import io.deepfm.config.Default;
import io.deepfm.config.Require;
import io.deepfm.model.parameter.Initializer;
import java.util.List;

/**
 * The deep network.
 *
 * @param hiddenUnits the width of each hidden layer
 * @param activation the activation after each hidden layer
 * @param dropout the probability that a hidden unit is dropped in training
 * @param useBatchNorm whether batch normalization stands between a layer and its activation
 * @param init how the initial weights of the layers and the output are drawn; biases are zero
 */
public record DnnConfig(
        List<Integer> hiddenUnits,
        Activation activation,
        double dropout,
        boolean useBatchNorm,
        @Default("xavier_uniform") Init init) {

    /** The distributions of initial weights. */
    public enum Init {
        XAVIER_UNIFORM(Initializer.XAVIER_UNIFORM),
        XAVIER_NORMAL(Initializer.XAVIER_NORMAL),
        /** PyTorch's for linear layers. */
        KAIMING_UNIFORM(Initializer.LINEAR);

        private final Initializer initializer;

        Init(Initializer initializer) {
            this.initializer = initializer;
        }

        /**
         * Draws the initial values.
         *
         * @return by the layer's width
         */
        public Initializer initializer() {
            return initializer;
        }
    }

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
