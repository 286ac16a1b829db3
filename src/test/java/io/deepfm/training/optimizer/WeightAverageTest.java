package io.deepfm.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.deepfm.model.embedding.GatheredRows;
import io.deepfm.model.embedding.GatheredRows.Wanted;
import io.deepfm.model.parameter.Block;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The moving average of the weights, over steps of plain SGD that are easily followed. */
class WeightAverageTest {

    private final NDManager manager = NDManager.newBaseManager();
    private final Parameters parameters = new Parameters();
    private final Parameter bias = parameters.trained("bias", new Shape(1), Initializer.ZEROS);
    private final Parameter table = parameters.table("table", "field", 3, 1);
    private WeightUpdates updates;

    @BeforeEach
    void start() {
        parameters.set(manager, parameters.initial(1, Initializer.XAVIER_UNIFORM));
        parameters.tableBlocks().get(0).values().muli(0);
        updates = updates(0.75);
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private WeightUpdates updates(double decay) {
        return new WeightUpdates(
                new Sgd(0, 0),
                manager,
                List.of(parameters.denseBlock(), parameters.tableBlocks().get(0)),
                decay);
    }

    @Test
    void itBeginsWithTheFirstStepsWeightsAndThenDecays() {
        dense(-1);
        dense(-3);
        dense(-4);
        // Weights 1, 4, 8; averages 1, 1.75, 3.3125.
        assertThat(bias.array().toFloatArray()).containsExactly(8);
        updates.exchangeAverage();
        assertThat(bias.array().toFloatArray()).containsExactly(3.3125f);
        updates.exchangeAverage();
        assertThat(bias.array().toFloatArray()).containsExactly(8);
        dense(0);
        updates.exchangeAverage();
        assertThat(bias.array().toFloatArray()).containsExactly(new float[] {4.484375f}, within(1e-6f));
    }

    @Test
    void aRowsAverageMovesWithTheRow() {
        rows(new int[] {1, 2}, -1, -2);
        rows(new int[] {2}, -2);
        rows(new int[] {2}, -4);
        assertThat(table.array().toFloatArray()).containsExactly(0, 1, 8);
        updates.exchangeAverage();
        // Of row 2: 2, then 2.5, then 3.875.
        assertThat(table.array().toFloatArray()).containsExactly(0, 1, 3.875f);
    }

    @Test
    void aStateTakenWhileTheModelHasTheAveragesGoesOn() {
        dense(-1);
        dense(-3);
        updates.exchangeAverage();
        WeightUpdates other = updates(0.75);
        other.restore(updates.state());
        other.exchangeAverage();
        assertThat(bias.array().toFloatArray()).containsExactly(4);
        other.exchangeAverage();
        assertThat(bias.array().toFloatArray()).containsExactly(1.75f);
    }

    @Test
    void withoutADecayNothingIsExchanged() {
        updates = updates(0);
        dense(-1);
        dense(-3);
        updates.exchangeAverage();
        assertThat(bias.array().toFloatArray()).containsExactly(4);
        assertThat(updates.state().moments().keySet()).noneMatch(name -> name.startsWith("weights."));
    }

    private void dense(float gradient) {
        updates.nextStep();
        updates.all(parameters.denseBlock(), manager.create(new float[] {gradient}), 1);
    }

    private void rows(int[] ids, float... gradients) {
        updates.nextStep();
        Block block = parameters.tableBlocks().get(0);
        GatheredRows gathered = GatheredRows.gather(manager, Map.of(block, List.of(new Wanted(table, ids))));
        NDArray of = manager.create(gradients, new Shape(ids.length, 1));
        updates.rows(gathered.parts().get(0), of, 1);
    }
}
