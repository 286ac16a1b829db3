package io.deepfm.scoring;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.schema.Tables;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/**
 * The baseline that every model must beat: an item ranks by the number of its positive interactions in train, each
 * counted, a user's repeated ones too.
 */
public final class Popularity {

    /** The held-out item's positive interactions in train (float, as a list takes them). */
    static final String POSITIVES = "train_positives";
    /** The negatives' positive interactions in train (array of float). */
    static final String NEGATIVES_POSITIVES = "negatives_train_positives";

    private Popularity() {}

    /**
     * The metrics of the baseline.
     *
     * @param lists candidate lists
     * @param train the training interactions, encoded
     * @param items the number of items
     * @param config the cut-offs and which lists are ranked
     * @return value by metric name; log loss is NaN, as a count is no logit
     */
    public static Map<String, Double> metrics(
            Dataset<Row> lists, Dataset<Row> train, int items, ExperimentConfig config) {
        Map<String, Double> metrics =
                RankingMetrics.of(count(lists, train, items), POSITIVES, NEGATIVES_POSITIVES, config);
        metrics.put("logloss", Double.NaN);
        metrics.put("logloss_heldout", Double.NaN);
        return metrics;
    }

    /** Puts each candidate's count in its place. */
    static Dataset<Row> count(Dataset<Row> lists, Dataset<Row> train, int items) {
        float[] counts = new float[items];
        Dataset<Row> positives = train.filter(col(Tables.LABEL).equalTo(1));
        for (Row row : positives.groupBy(Tables.ITEM_INDEX).count().collectAsList()) {
            counts[row.getInt(0)] = row.getLong(1);
        }
        Broadcast<float[]> shared = JavaSparkContext.fromSparkContext(
                        lists.sparkSession().sparkContext())
                .broadcast(counts);
        UDF1<Integer, Float> one = item -> shared.value()[item];
        UDF1<Seq<Integer>, float[]> many = rows -> {
            float[] own = new float[rows.size()];
            for (int i = 0; i < own.length; i++) {
                own[i] = shared.value()[rows.apply(i)];
            }
            return own;
        };
        UserDefinedFunction ofItem = udf(one, DataTypes.FloatType);
        UserDefinedFunction ofItems = udf(many, DataTypes.createArrayType(DataTypes.FloatType, false));
        return lists.select(
                col(Tables.USER_INDEX),
                col(Tables.ITEM_INDEX),
                col(Tables.INTERACTION),
                col(Tables.LABEL),
                ofItem.apply(col(Tables.ITEM_INDEX)).as(POSITIVES),
                ofItems.apply(col(Tables.NEGATIVES)).as(NEGATIVES_POSITIVES));
    }
}
