package io.deepfm.scoring.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.inference.ScoringBatch;
import io.deepfm.inference.ScoringBatch.Given;
import io.deepfm.inference.ScoringBatch.Known;
import io.deepfm.schema.FieldGroup;
import io.deepfm.scoring.TinyModel;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tasks share a scorer, and the one before it gives its memory back when it is replaced. */
class ExecutorScorerTest {

    private static final ScoringBatch BATCH = ScoringBatch.ofRows(
            1,
            new Given(new FeatureTable(1, new int[] {1}, new float[0])),
            new Known(new int[] {2}),
            new Given(new FeatureTable(1, new int[0], new float[0])));

    /** The scorers of the tasks; local tasks run in this JVM. */
    private static final Set<Scorer> SEEN =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = TinyModel.spark();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void oneScorerServesAllTasksUntilAnotherModelComes() {
        Scorer first = scorerOfTasks(share(1));
        assertThat(first.logits(BATCH).ranking()).hasSize(1);
        Scorer second = scorerOfTasks(share(2));
        assertThat(second.logits(BATCH).ranking()).isNotEqualTo(new float[1]);
        assertThatThrownBy(() -> first.logits(BATCH))
                .as("its memory is freed")
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aTaskThatFailsGivesItsLeaseBackToo() {
        ExecutorScorer shared = share(1);
        SEEN.clear();
        assertThatThrownBy(() -> new JavaSparkContext(spark.sparkContext())
                        .parallelize(List.of(1), 1)
                        .foreach(i -> {
                            SEEN.add(shared.forTask());
                            throw new IllegalArgumentException("broken row");
                        }))
                .hasStackTraceContaining("broken row");
        Scorer first = SEEN.iterator().next();
        scorerOfTasks(share(2));
        assertThatThrownBy(() -> first.logits(BATCH)).isInstanceOf(IllegalStateException.class);
    }

    private static ExecutorScorer share(long seed) {
        TinyModel model = new TinyModel(spark, seed, TinyModel.WHO, TinyModel.WHAT);
        FeatureTable items = new FeatureTable(TinyModel.ITEM_IDS.length, TinyModel.ITEM_IDS, new float[0]);
        return ExecutorScorer.share(spark, model.saved, Map.of(FieldGroup.ITEM, items), 10);
    }

    private static Scorer scorerOfTasks(ExecutorScorer shared) {
        SEEN.clear();
        new JavaSparkContext(spark.sparkContext())
                .parallelize(List.of(1, 2, 3, 4, 5, 6), 6)
                .foreach(i -> SEEN.add(shared.forTask()));
        assertThat(SEEN).hasSize(1);
        return SEEN.iterator().next();
    }
}
