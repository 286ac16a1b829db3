package io.deepfm.training;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.deepfm.config.EmbeddingUpdates;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.model.CtrModel;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.model.embedding.FeatureConfig;
import io.deepfm.model.embedding.GatheredRows;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.parameter.Block;
import io.deepfm.model.parameter.Parameters;
import io.deepfm.training.loss.Objective;
import io.deepfm.training.loss.Targets;
import io.deepfm.training.optimizer.Optimizer;
import io.deepfm.training.optimizer.OptimizerFactory;
import io.deepfm.training.optimizer.WeightUpdates;
import java.util.List;

/**
 * One step of training: forward, loss, backward, penalty, clipping, update.
 *
 * <p>The penalty {@code lambda * sum(w^2)} over the embedding tables enters as its gradient {@code 2 * lambda * w}. The
 * gradient of all, penalty included, is clipped by its global norm, as PyTorch's {@code clip_grad_norm_} does. Where updates
 * are lazy, "all" are the dense weights and the rows of embedding tables that the batch reads.
 */
public final class TrainingStep {

    /** Keeps a gradient of zero from a division by zero; PyTorch's value. */
    private static final float CLIP_EPSILON = 1e-6f;

    private final CtrModel model;
    private final Parameters parameters;
    private final EmbeddingUpdates embeddingUpdates;
    private final boolean lazy;
    private final WeightUpdates updates;
    private final Block followed;
    private final List<Block> moved;
    private final NDIndex tables;
    private final float penalty;
    private final double clipNorm;
    private final Objective objective;
    private final NDArray losses;

    /**
     * @param model a model with its weights set
     * @param manager owns the optimizer's moments
     * @param items the number of items that negatives are sampled from
     * @param config loss, optimizer, penalty, clipping and which rows of embedding tables move
     */
    public TrainingStep(CtrModel model, NDManager manager, int items, ExperimentConfig config) {
        this.model = model;
        this.parameters = model.parameters();
        this.embeddingUpdates = config.training().embeddingUpdates().of(parameters.tableCount());
        this.lazy = embeddingUpdates == EmbeddingUpdates.LAZY;
        this.objective = new Objective(config, model.heads(), items);
        this.followed = lazy ? parameters.denseBlock() : parameters.block();
        Optimizer optimizer = OptimizerFactory.of(config);
        this.moved = lazy || !optimizer.isElementwise() ? parameters.blocks() : List.of(parameters.block());
        this.updates =
                new WeightUpdates(optimizer, manager, moved, config.training().emaDecay());
        this.tables = new NDIndex("0:{}", parameters.tableCount());
        this.penalty = (float) (2 * config.sections().get(FeatureConfig.class).embeddingL2Reg());
        this.losses = manager.zeros(new Shape());
        this.clipNorm = config.training().gradientClipNorm();
    }

    /**
     * Makes one step.
     *
     * <p>Nothing is read back from the device, so that it need not wait between steps.
     *
     * @param batch the input of B rows, with {@link GatheredRows} where updates are lazy
     * @param targets what the rows' logits should become
     * @param learningRate the step's size
     */
    public void step(FeatureBatch batch, Targets targets, double learningRate) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            try (GradientCollector collector = Engine.getInstance().newGradientCollector();
                    Pass pass = Pass.training()) {
                followed.requireGradients();
                NDArray logits = pass.forward(() -> model.forward(batch, pass));
                NDArray leaf = logits.stopGradient();
                leaf.setRequiresGradient(true);
                NDArray value = objective.of(leaf, targets);
                collector.backward(value);
                pass.backward(logits, leaf.getGradient());
                losses.addi(value.stopGradient().mul(targets.labels().size()));
            }
            NDArray gradients = followed.takeGradients();
            updates.nextStep();
            if (lazy) {
                moveRows(gradients, ((GatheredRows) batch.tables()).parts(), learningRate);
            } else {
                penalized(gradients.get(tables), followed.values().get(tables));
                clip(new NDList(gradients));
                moved.forEach(
                        block -> updates.all(block, block == followed ? gradients : block.of(gradients), learningRate));
            }
        }
    }

    /** Moves the dense weights, and the embedding tables' rows that a batch read. */
    private void moveRows(NDArray dense, List<GatheredRows.Part> parts, double learningRate) {
        NDList all = new NDList(dense);
        parts.forEach(part ->
                all.add(penalized(part.values().getGradient(), part.values().stopGradient())));
        clip(all);
        for (int i = 0; i < parts.size(); i++) {
            updates.rows(parts.get(i), all.get(i + 1), learningRate);
        }
        updates.all(followed, dense, learningRate);
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
     * Which rows of the embedding tables a step moves, and so what a batch must bring: see {@link BatchInputs#of}.
     *
     * @return dense or lazy
     */
    public EmbeddingUpdates embeddingUpdates() {
        return embeddingUpdates;
    }

    /**
     * What moves the weights.
     *
     * @return what holds state from step to step besides the model
     */
    public WeightUpdates updates() {
        return updates;
    }

    private NDArray penalized(NDArray gradients, NDArray weights) {
        return penalty > 0 ? gradients.addi(weights.mul(penalty)) : gradients;
    }

    private void clip(NDList gradients) {
        if (clipNorm == 0) {
            return;
        }
        NDList norms = new NDList();
        gradients.forEach(array -> norms.add(array.norm()));
        NDArray norm = norms.size() == 1 ? norms.get(0) : NDArrays.stack(norms).norm();
        NDArray factor = norm.addi(CLIP_EPSILON).pow(-1).muli((float) clipNorm);
        NDArray atMostOne = factor.minimum(1f);
        gradients.forEach(array -> array.muli(atMostOne));
    }
}
