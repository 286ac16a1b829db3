package io.deepfm.scoring;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.avg;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.metrics.Auc;
import io.deepfm.metrics.CandidateList;
import io.deepfm.metrics.CandidateMetrics;
import io.deepfm.metrics.CandidateMetrics.Summary;
import io.deepfm.schema.Tables;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The metrics of rankings, in two passes: first the positives' logits, then a summary of each list, made by the
 * executors. What reaches the driver is one small row per list, added up in the order of the users.
 */
public final class RankingMetrics {

    private RankingMetrics() {}

    /**
     * Computes all metrics of a model.
     *
     * @param rankings rows with {@code label}, {@code logit}, {@code like_logit}, {@code negatives}, {@code negative_logits},
     *     {@code user_index}, {@code item_index}, {@code interaction}
     * @param config the metrics' settings and which lists are ranked
     * @param catalogue the number of all items
     * @return value by metric name
     */
    public static Map<String, Double> of(Dataset<Row> rankings, ExperimentConfig config, int catalogue) {
        Auc pooled = new Auc(ofPositives(rankings));
        Broadcast<Auc> shared = JavaSparkContext.fromSparkContext(
                        rankings.sparkSession().sparkContext())
                .broadcast(pooled);
        int largestK = config.evaluation().largestK();
        Iterator<Summary> summaries = rankings.sort(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.INTERACTION)
                .select(
                        col(Tables.USER_INDEX),
                        col(Tables.LABEL),
                        col(RankingJob.LOGIT),
                        col(RankingJob.LIKE_LOGIT),
                        concat(array(col(Tables.ITEM_INDEX)), col(Tables.NEGATIVES)),
                        col(RankingJob.NEGATIVE_LOGITS))
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .map(row -> Summary.of(list(row), shared.value(), largestK))
                .toLocalIterator();
        CandidateMetrics metrics = new CandidateMetrics(config, catalogue);
        summaries.forEachRemaining(metrics::add);
        return metrics.values();
    }

    /**
     * How many of the held-out interactions have label 1.
     *
     * @param rankings rows with {@code label}, at least one
     * @return a share from 0 to 1
     */
    public static double positiveShare(Dataset<Row> rankings) {
        return rankings.agg(avg(Tables.LABEL)).head().getDouble(0);
    }

    private static float[] ofPositives(Dataset<Row> rankings) {
        List<Row> rows = rankings.filter(col(Tables.LABEL).equalTo(1))
                .select(RankingJob.LOGIT)
                .collectAsList();
        float[] values = new float[rows.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.get(i).getFloat(0);
        }
        return values;
    }

    /** In Spark's own rows, in which an array of numbers is one block of memory. */
    private static CandidateList list(InternalRow row) {
        return new CandidateList(
                row.getInt(0),
                row.getInt(1),
                row.getFloat(2),
                row.getFloat(3),
                row.getArray(4).toIntArray(),
                row.getArray(5).toFloatArray());
    }
}
