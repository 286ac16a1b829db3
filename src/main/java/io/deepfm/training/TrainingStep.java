package io.deepfm.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.model.CtrModel;
import io.deepfm.model.layer.FeatureBatch;
import io.deepfm.model.layer.FeatureConfig;
import io.deepfm.model.layer.Parameters;
import io.deepfm.model.layer.Parameters.Parameter;
import io.deepfm.model.layer.Pass;
import io.deepfm.schema.FeatureType;
import io.deepfm.training.loss.Loss;
import io.deepfm.training.loss.Predictions;
import io.deepfm.training.optimizer.Optimizer;
import io.deepfm.training.optimizer.OptimizerFactory;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * One step of training: forward, loss, backward, penalty, clipping, update.
 *
 * <p>The penalty {@code lambda * sum(w^2)} over the embedding tables enters as its gradient {@code 2 * lambda * w}. The
 * gradient of all, penalty included, is clipped by its global norm, as PyTorch's {@code clip_grad_norm_} does.
 */
public final class TrainingStep {

    /** Keeps a gradient of zero from a division by zero; PyTorch's value. */
    private static final float CLIP_EPSILON = 1e-6f;

    private final CtrModel model;
    private final Parameters parameters;
    private final Optimizer optimizer;
    private final NDArray penalty;
    private final double clipNorm;
    private final Function<Predictions, NDArray> loss;
    private final NDArray losses;

    /**
     * @param model a model with its weights set; they will require gradients
     * @param manager owns the optimizer's state
     * @param config loss, optimizer, penalty and clipping
     */
    public TrainingStep(CtrModel model, NDManager manager, ExperimentConfig config) {
        this.model = model;
        this.parameters = model.parameters();
        this.loss = Loss.of(config);
        this.optimizer = OptimizerFactory.create(config, manager, parameters.count());
        double l2 = config.sections().get(FeatureConfig.class).embeddingL2Reg();
        this.penalty = l2 > 0 ? penalty(manager, 2 * l2) : null;
        this.losses = manager.zeros(new Shape());
        this.clipNorm = config.training().gradientClipNorm();
        parameters.requireGradients();
    }

    /**
     * Makes one step.
     *
     * <p>Nothing is read back from the device, so that it need not wait between steps.
     *
     * @param batch the input of B rows
     * @param labels 1 or 0, shape (B)
     * @param learningRate the step's size
     */
    public void step(FeatureBatch batch, NDArray labels, double learningRate) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
                Pass pass = Pass.training();
                NDArray logits = model.forward(batch, pass);
                NDArray leaf = logits.stopGradient();
                leaf.setRequiresGradient(true);
                NDArray value = loss.apply(new Predictions(leaf, labels));
                collector.backward(value);
                pass.backward(logits, leaf.getGradient());
                losses.addi(value.stopGradient().mul(labels.size()));
            }
            NDArray gradients = parameters.takeGradients();
            if (penalty != null) {
                gradients.addi(penalty.mul(parameters.flat()));
            }
            if (clipNorm > 0) {
                clip(gradients);
            }
            optimizer.step(parameters.flat(), gradients, learningRate);
        }
    }

    /**
     * Takes the losses since the last call; waits for the device.
     *
     * @return each row's loss before its step, without the penalty, summed
     */
    public double takeLosses() {
        double sum = losses.getFloat();
        losses.muli(0);
        return sum;
    }

    /**
     * The optimizer.
     *
     * @return what holds state from step to step besides the model
     */
    public Optimizer optimizer() {
        return optimizer;
    }

    private void clip(NDArray gradients) {
        NDArray factor = gradients.norm().addi(CLIP_EPSILON).pow(-1).muli((float) clipNorm);
        gradients.muli(factor.minimum(1f));
    }

    /** For each weight what its value is multiplied by in the penalty's gradient: 0 outside of embedding tables. */
    private NDArray penalty(NDManager manager, double coefficient) {
        Set<String> tables = model.schema().fields().stream()
                .filter(field -> field.type() != FeatureType.DENSE)
                .flatMap(field -> java.util.stream.Stream.of(
                        "embedding.second_order." + field.name() + ".weight",
                        "embedding.first_order." + field.name() + ".weight"))
                .collect(Collectors.toSet());
        float[] coefficients = new float[Math.toIntExact(parameters.count())];
        int offset = 0;
        for (Parameter parameter : parameters.trained()) {
            int end = offset + Math.toIntExact(parameter.shape().size());
            if (tables.contains(parameter.name())) {
                java.util.Arrays.fill(coefficients, offset, end, (float) coefficient);
            }
            offset = end;
        }
        return manager.create(coefficients, new Shape(coefficients.length));
    }
}
