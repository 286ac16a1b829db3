package io.deepfm.training.optimizer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.deepfm.model.embedding.FeatureEmbedding;
import io.deepfm.model.embedding.GatheredRows;
import io.deepfm.model.parameter.Block;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An exponential moving average of a model's weights over the steps, to be evaluated and stored in their place.
 *
 * <pre>average_1 = w_1,   average_t = decay * average_{t-1} + (1 - decay) * w_t</pre>
 *
 * <p>It is what PyTorch's {@code AveragedModel} computes with {@code get_ema_multi_avg_fn(decay)}. Where a step moves some rows
 * of embedding tables alone, the average of the others stays, as their moments do. Batch-norm statistics are averages
 * already and stay the model's.
 *
 * @see <a href="https://doi.org/10.1137/0330046">Polyak and Juditsky, Acceleration of stochastic approximation by averaging,
 *     1992</a>
 */
final class WeightAverage {

    private static final NDIndex ALL = new NDIndex(":");

    private final float rest;
    private final List<Block> blocks;
    private final Map<String, NDArray> averages = new LinkedHashMap<>();

    /**
     * @param decay more than 0 and less than 1
     * @param manager owns the averages
     * @param blocks the weights, with their initial values
     */
    WeightAverage(double decay, NDManager manager, List<Block> blocks) {
        this.rest = (float) (1 - decay);
        this.blocks = blocks;
        for (Block block : blocks) {
            NDArray average = block.values().duplicate();
            average.attach(manager);
            averages.put(block.name(), average);
        }
    }

    /** Takes in all weights of a block, after a step; the first step's are taken as they are. */
    void all(Block block, boolean first) {
        NDArray average = averages.get(block.name());
        average.addi(block.values().sub(average).muli(share(first)));
    }

    /** Takes in the rows that a step moved. */
    void rows(GatheredRows.Part part, NDArray weights, boolean first) {
        NDArray average = averages.get(part.block().name());
        NDArray rows = FeatureEmbedding.gather(average, part.rows());
        average.set(new NDIndex("{}", part.rows()), rows.addi(weights.sub(rows).muli(share(first))));
    }

    private float share(boolean first) {
        return first ? 1 : rest;
    }

    /** Gives the model the averages and keeps its weights in their place; the next call turns it back. */
    void exchange() {
        for (Block block : blocks) {
            NDArray average = averages.get(block.name());
            try (NDArray weights = block.values().duplicate()) {
                block.values().set(ALL, average);
                average.set(ALL, weights);
            }
        }
    }

    /** What is kept at present, by name of the block. */
    Map<String, NDArray> kept() {
        return averages;
    }
}
