package io.deepfm.scoring;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.deepfm.schema.Tables;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/** The baseline that every model must beat: an item's score is the number of its training interactions. */
public final class Popularity {

    private Popularity() {}

    /**
     * Scores candidate lists.
     *
     * @param lists candidate lists
     * @param train the training interactions
     * @param items the number of items
     * @return rankings with the columns that {@link RankingMetrics} needs
     */
    public static Dataset<Row> score(Dataset<Row> lists, Dataset<Row> train, int items) {
        float[] counts = new float[items];
        for (Row row : train.groupBy(Tables.ITEM_ROW).count().collectAsList()) {
            counts[row.getInt(0)] = row.getLong(1);
        }
        Broadcast<float[]> shared = JavaSparkContext.fromSparkContext(
                        lists.sparkSession().sparkContext())
                .broadcast(counts);
        UDF1<Integer, Float> one = item -> shared.value()[item];
        UDF1<Seq<Integer>, float[]> many = rows -> {
            float[] scores = new float[rows.size()];
            for (int i = 0; i < scores.length; i++) {
                scores[i] = shared.value()[rows.apply(i)];
            }
            return scores;
        };
        UserDefinedFunction ofItem = udf(one, DataTypes.FloatType);
        UserDefinedFunction ofItems = udf(many, DataTypes.createArrayType(DataTypes.FloatType, false));
        return lists.select(
                col(Tables.USER_ROW),
                col(Tables.ITEM_ROW),
                col(Tables.LABEL),
                ofItem.apply(col(Tables.ITEM_ROW)).as(RankingJob.SCORE),
                ofItems.apply(col(Tables.NEGATIVES)).as(RankingJob.NEGATIVE_SCORES));
    }
}
