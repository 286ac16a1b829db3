package io.deepfm.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.Configurations;
import io.deepfm.schema.Tables;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The metrics that Spark computes of rankings, against values computed by hand. */
class RankingMetricsTest {

    private static final ExperimentConfig CONFIG = Configurations.defaults("evaluation.ks=[1, 2]");
    private static final Offset<Double> EXACT = within(1e-12);
    private static final StructType RANKINGS = new StructType()
            .add(Tables.USER_INDEX, DataTypes.IntegerType)
            .add(Tables.ITEM_INDEX, DataTypes.IntegerType)
            .add(Tables.INTERACTION, DataTypes.LongType)
            .add(Tables.LABEL, DataTypes.IntegerType)
            .add(RankingJob.LOGIT, DataTypes.FloatType)
            .add(RankingJob.LIKE_LOGIT, DataTypes.FloatType)
            .add(Tables.NEGATIVES, DataTypes.createArrayType(DataTypes.IntegerType))
            .add(RankingJob.NEGATIVE_LOGITS, DataTypes.createArrayType(DataTypes.FloatType));

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
    void overListsWithATieAndAListOfLabelZero() {
        Map<String, Double> metrics = RankingMetrics.of(
                rankings(
                        ranking(0, 1, 2, 1, 3), // rank 2
                        ranking(1, 1, 0, 0, -1), // a tie: rank 2
                        ranking(2, 0, 5, 1, 1),
                        ranking(3, 1, 4, 3, 2)), // rank 1
                CONFIG,
                8);
        assertThat(metrics.get("users_ranked")).isEqualTo(3);
        assertThat(metrics.get("Coverage@1")).as("2, 1, 0 and 0").isEqualTo(3 / 8.0);
        assertThat(metrics.get("HR@1")).isCloseTo(1 / 3.0, EXACT);
        assertThat(metrics.get("HR@2")).isCloseTo(1, EXACT);
        assertThat(metrics.get("NDCG@2")).isCloseTo((1 + 2 * Math.log(2) / Math.log(3)) / 3, EXACT);
        assertThat(metrics.get("gauc")).isCloseTo((0.5 + 0.75 + 1) / 3, EXACT);
        // Positives 2, 0, 4 against 1 3 0 -1 5 1 1 3 2: 2 wins 5 and ties 1, 0 wins 1 and ties 1, 4 wins 8.
        assertThat(metrics.get("auc")).isCloseTo((5.5 + 1.5 + 8) / 27, EXACT);
        // Against the one held-out of label 0, which has 5, none wins.
        assertThat(metrics.get("auc_heldout")).isZero();
        double logLoss = 0;
        for (double positive : new double[] {2, 0, 4}) {
            logLoss += Math.log1p(Math.exp(-positive));
        }
        logLoss += Math.log1p(Math.exp(5));
        assertThat(metrics.get("logloss_heldout")).isCloseTo(logLoss / 4, EXACT);
        for (double negative : new double[] {1, 3, 0, -1, 1, 1, 3, 2}) {
            logLoss += Math.log1p(Math.exp(negative));
        }
        assertThat(metrics.get("logloss")).isCloseTo(logLoss / 12, EXACT);
    }

    @Test
    void listsOfOneCandidateAreNotRanked() {
        assertThat(RankingMetrics.of(rankings(ranking(0, 1, 2), ranking(1, 0, 1)), CONFIG, 8))
                .containsOnlyKeys(
                        "auc",
                        "logloss",
                        "auc_heldout",
                        "logloss_heldout",
                        "pr_auc_heldout",
                        "brier_heldout",
                        "ece_heldout")
                .containsEntry("auc", 1.0);
    }

    private static Row ranking(int user, int label, float logit, int... negatives) {
        Float[] floats = new Float[negatives.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) negatives[i];
        }
        Integer[] items = IntStream.rangeClosed(1, negatives.length).boxed().toArray(Integer[]::new);
        return RowFactory.create(user, 0, (long) user, label, logit, logit, List.of(items), List.of(floats));
    }

    private static Dataset<Row> rankings(Row... rows) {
        return spark.createDataFrame(List.of(rows), RANKINGS);
    }
}
