package io.deepfm.scoring;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.udf;

import io.deepfm.data.encode.ScalaSeq;
import io.deepfm.metrics.CandidateList;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF2;
import org.apache.spark.sql.types.DataTypes;
import scala.collection.Seq;

/**
 * Turns candidate lists into rankings: one row per list with {@code user}, {@code item} (raw ids of the user and the
 * held-out item), {@code label}, {@code rank}, {@code logit} (the held-out item's), {@code candidates} (items scored),
 * {@code user_index}, {@code item_index}, {@code interaction} and {@code negative_logits} (the other items').
 */
public final class RankingJob {

    /** The column with the sampled items' logits. */
    static final String NEGATIVE_LOGITS = "negative_logits";
    /** The column with the held-out item's logit. */
    static final String LOGIT = "logit";

    private static final String LOGITS = "_logits";
    private static final int CANDIDATES_PER_TASK = 1 << 16;

    private RankingJob() {}

    /**
     * Scores and ranks. Which lists share a batch depends on the lists alone, not on the cluster: a matrix product may
     * round the same row differently beside others.
     *
     * @param lists candidate lists
     * @param candidates how many they have together
     * @param users raw users, with their indices
     * @param userKey the users' id column
     * @param items raw items, with their indices
     * @param itemKey the items' id column
     * @param schema the model's fields
     * @param transformer the model
     * @return the rankings, in any order
     */
    public static Dataset<Row> rank(
            Dataset<Row> lists,
            long candidates,
            Dataset<Row> users,
            String userKey,
            Dataset<Row> items,
            String itemKey,
            DatasetSchema schema,
            CandidateTransformer transformer) {
        List<String> inputs = new ArrayList<>(List.of(Tables.USER_INDEX, Tables.ITEM_INDICES));
        schema.fields(FieldGroup.CONTEXT).stream().map(FieldSchema::name).forEach(inputs::add);
        List<Column> columns = new ArrayList<>(List.of(
                col(Tables.INTERACTION),
                col(Tables.ITEM_INDEX),
                col(Tables.LABEL),
                concat(array(col(Tables.ITEM_INDEX)), col(Tables.NEGATIVES)).as(Tables.ITEM_INDICES)));
        inputs.stream()
                .filter(name -> !name.equals(Tables.ITEM_INDICES))
                .map(name -> col(name))
                .forEach(columns::add);
        Dataset<Row> scored = transformer
                .setInputCols(inputs.toArray(String[]::new))
                .setOutputCol(LOGITS)
                .transform(lists.repartition((int) (1 + candidates / CANDIDATES_PER_TASK), col(Tables.INTERACTION))
                        .sortWithinPartitions(Tables.INTERACTION)
                        .select(columns.toArray(Column[]::new)));
        // Without the features, which may have any names.
        return scored.select(Tables.INTERACTION, Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.LABEL, LOGITS)
                .join(users.select(col(Tables.USER_INDEX), col(userKey).as("user")), Tables.USER_INDEX)
                .join(items.select(col(Tables.ITEM_INDEX), col(itemKey).as("item")), Tables.ITEM_INDEX)
                .withColumn(LOGIT, element_at(col(LOGITS), 1))
                .withColumn(NEGATIVE_LOGITS, expr("slice(_logits, 2, size(_logits) - 1)"))
                .select(
                        col("user"),
                        col("item"),
                        col(Tables.LABEL),
                        rank(col(LOGIT), col(NEGATIVE_LOGITS)).as("rank"),
                        col(LOGIT),
                        size(col(LOGITS)).as("candidates"),
                        col(Tables.USER_INDEX),
                        col(Tables.ITEM_INDEX),
                        col(Tables.INTERACTION),
                        col(NEGATIVE_LOGITS));
    }

    /** The held-out item's place, by the rule of {@link CandidateList#rank}. */
    static Column rank(Column logit, Column negativeLogits) {
        UDF2<Float, Seq<Float>, Integer> rank =
                (heldOut, negatives) -> CandidateList.rank(heldOut, ScalaSeq.toFloats(negatives));
        return udf(rank, DataTypes.IntegerType).apply(logit, negativeLogits);
    }
}
