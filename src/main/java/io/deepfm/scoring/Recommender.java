package io.deepfm.scoring;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import io.deepfm.data.encode.ScalaSeq;
import io.deepfm.inference.CandidateScorer;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.CtrModel;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The best items of the whole catalogue for each user.
 *
 * <p>The items are embedded once per JVM; a task takes one user after the other, scores all items in columns and keeps
 * the best. So memory grows with the catalogue but not with the users.
 */
public final class Recommender {

    /** What orders the users in the output (long). */
    public static final String POSITION = "position";

    private static final String SCORE = "score";
    private static final String RANK = "rank";
    private static final int TASKS_PER_CORE = 2;

    private Recommender() {}

    /**
     * Recommends.
     *
     * @param users {@value #POSITION}, the user's key, features and item rows to leave out (array or null)
     * @param itemKeys the row and the key of each item
     * @param model the model
     * @param items the items' encoded features
     * @param count the most items per user
     * @param batchSize the most items per forward pass
     * @return {@code user}, {@code item} (their keys), {@code score} (the probability of label 1) and {@code rank} (from
     *     1, by score and then by the item's row), in the order of the positions and ranks
     */
    public static Dataset<Row> recommend(
            Dataset<Row> users, Dataset<Row> itemKeys, SavedModel model, FeatureTable items, int count, int batchSize) {
        JavaSparkContext context =
                JavaSparkContext.fromSparkContext(users.sparkSession().sparkContext());
        ExecutorModel<CandidateScorer> scorer =
                ExecutorModel.share(context, new CandidateScorerSource(model, null, items, batchSize));
        DatasetSchema schema = model.schema();
        // Nothing is known of an interaction that has not taken place.
        FeatureTable unknown = EncodedRows.table(Collections.singletonList(null), 0, schema.fields(FieldGroup.CONTEXT));
        FlatMapFunction<Row, Row> best = row -> {
            FeatureTable user =
                    EncodedRows.table(Collections.singletonList(row.getStruct(1)), 0, schema.fields(FieldGroup.USER));
            float[] logits = scorer.get().scoreAll(user, unknown);
            int[] excluded = row.isNullAt(2) ? new int[0] : ScalaSeq.toInts(row.<Integer>getSeq(2));
            return rows(row.get(0), TopItems.of(logits, excluded, count), logits);
        };
        return spread(users)
                .select(col(Tables.USER_KEY), col(SavedDataset.features(FieldGroup.USER)), col(Tables.ITEM_ROWS))
                .flatMap(best, Encoders.row(outputType(users)))
                // To each row where it is, so that the order stays.
                .join(broadcast(itemKeys), Tables.ITEM_ROW)
                .select(col("user"), col(Tables.ITEM_KEY).as("item"), col(SCORE), col(RANK));
    }

    private static StructType outputType(Dataset<Row> users) {
        return new StructType()
                .add("user", users.schema().apply(Tables.USER_KEY).dataType())
                .add(Tables.ITEM_ROW, DataTypes.IntegerType, false)
                .add(SCORE, DataTypes.DoubleType, false)
                .add(RANK, DataTypes.IntegerType, false);
    }

    private static Iterator<Row> rows(Object user, int[] items, float[] logits) {
        List<Row> rows = new ArrayList<>(items.length);
        for (int i = 0; i < items.length; i++) {
            rows.add(RowFactory.create(user, items[i], CtrModel.probability(logits[items[i]]), i + 1));
        }
        return rows.iterator();
    }

    /** In order, over all cores: a thousand users fit in one partition, and would be one task. */
    private static Dataset<Row> spread(Dataset<Row> users) {
        int least = TASKS_PER_CORE * users.sparkSession().sparkContext().defaultParallelism();
        int usual = Integer.parseInt(users.sparkSession().conf().get("spark.sql.shuffle.partitions"));
        return users.repartitionByRange(Math.max(least, usual), col(POSITION)).sortWithinPartitions(POSITION);
    }
}
