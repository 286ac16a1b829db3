package io.deepfm.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.Configurations;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.VectorUDT;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.mllib.evaluation.BinaryClassificationMetrics;
import org.apache.spark.mllib.evaluation.RankingMetrics;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import scala.Tuple2;

/** The metrics against Spark MLlib's, where both define the same thing. */
class SparkMetricsTest {

    private static final ExperimentConfig CONFIG = Configurations.defaults("evaluation.ks=[1, 5, 10]");
    private static final List<CandidateList> LISTS = randomLists();
    private static final Map<String, Double> METRICS = ListsInMemory.metrics(LISTS, CONFIG);

    private static SparkSession spark;

    @BeforeAll
    static void startSpark() {
        spark = SparkSession.builder()
                .master("local[1]")
                .appName("metrics")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "1")
                .getOrCreate();
    }

    @AfterAll
    static void stopSpark() {
        spark.stop();
    }

    @Test
    void pooledAucIsSparksAreaUnderRoc() {
        assertThat(METRICS.get("auc")).isCloseTo(areaUnderRoc(allRows()), within(1e-6));
    }

    @Test
    void heldOutAucIsSparksAreaUnderRoc() {
        List<Tuple2<Object, Object>> rows = new ArrayList<>();
        LISTS.forEach(list -> rows.add(new Tuple2<>((double) list.heldOutLogit(), (double) list.label())));
        assertThat(METRICS.get("auc_heldout")).isCloseTo(areaUnderRoc(rows), within(1e-6));
    }

    @Test
    void pooledLogLossIsSparks() {
        List<Row> rows = allRows().stream()
                .map(row -> {
                    double probability = 1 / (1 + Math.exp(-(double) row._1));
                    double label = (double) row._2;
                    return RowFactory.create(
                            label, probability > 0.5 ? 1.0 : 0.0, Vectors.dense(1 - probability, probability));
                })
                .toList();
        StructType schema = new StructType()
                .add("label", DataTypes.DoubleType)
                .add("prediction", DataTypes.DoubleType)
                .add("probability", new VectorUDT());
        double expected = new MulticlassClassificationEvaluator()
                .setMetricName("logLoss")
                .evaluate(spark.createDataFrame(rows, schema));
        assertThat(METRICS.get("logloss")).isCloseTo(expected, within(1e-6));
    }

    @Test
    void rankingMetricsAreSparksWithOneRelevantItem() {
        List<Tuple2<List<Integer>, List<Integer>>> rankings = LISTS.stream()
                .filter(list -> list.label() == 1)
                .map(list -> new Tuple2<>(ranking(list), List.of(0)))
                .toList();
        RankingMetrics<Integer> expected = RankingMetrics.of(context().parallelize(rankings, 1));
        for (int k : CONFIG.evaluation().ks()) {
            assertThat(METRICS.get("HR@" + k)).isCloseTo(expected.recallAt(k), within(1e-6));
            assertThat(METRICS.get("Recall@" + k)).isCloseTo(expected.recallAt(k), within(1e-6));
            assertThat(METRICS.get("Precision@" + k)).isCloseTo(expected.precisionAt(k), within(1e-6));
            assertThat(METRICS.get("MAP@" + k)).isCloseTo(expected.meanAveragePrecisionAt(k), within(1e-6));
            assertThat(METRICS.get("NDCG@" + k)).isCloseTo(expected.ndcgAt(k), within(1e-6));
        }
        assertThat(METRICS.get("HR@10")).as("neither all nor none").isStrictlyBetween(0.0, 1.0);
    }

    private static double areaUnderRoc(List<Tuple2<Object, Object>> scoresAndLabels) {
        JavaRDD<Tuple2<Object, Object>> rdd = context().parallelize(scoresAndLabels, 1);
        // 0 bins: a point of the curve for each score.
        return new BinaryClassificationMetrics(rdd.rdd(), 0).areaUnderROC();
    }

    private static List<Tuple2<Object, Object>> allRows() {
        List<Tuple2<Object, Object>> rows = new ArrayList<>();
        for (CandidateList list : LISTS) {
            rows.add(new Tuple2<>((double) list.heldOutLogit(), (double) list.label()));
            for (float negative : list.negativeLogits()) {
                rows.add(new Tuple2<>((double) negative, 0.0));
            }
        }
        return rows;
    }

    /** The items from best to worst: 0 is the held-out one, which comes after those that it ties with. */
    private static List<Integer> ranking(CandidateList list) {
        float[] scores = new float[list.negativeLogits().length + 1];
        scores[0] = list.heldOutLogit();
        System.arraycopy(list.negativeLogits(), 0, scores, 1, list.negativeLogits().length);
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.<Integer>comparingDouble(item -> -scores[item])
                        .thenComparing(Comparator.reverseOrder()))
                .toList();
    }

    private static JavaSparkContext context() {
        return JavaSparkContext.fromSparkContext(spark.sparkContext());
    }

    /** Lists of 20 to 50 items whose held-out one scores a little higher; scores in steps, so that there are ties. */
    private static List<CandidateList> randomLists() {
        Random random = new Random(7);
        List<CandidateList> lists = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            float[] negatives = new float[20 + random.nextInt(31)];
            for (int j = 0; j < negatives.length; j++) {
                negatives[j] = Math.round(8 * random.nextGaussian()) / 8f;
            }
            int label = random.nextInt(3) == 0 ? 0 : 1;
            float heldOut = Math.round(8 * (random.nextGaussian() + label)) / 8f;
            lists.add(new CandidateList(label, heldOut, negatives));
        }
        return lists;
    }
}
