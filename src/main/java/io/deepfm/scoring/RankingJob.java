package io.deepfm.scoring;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;

import io.deepfm.data.InternalRows;
import io.deepfm.metrics.CandidateList;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Turns candidate lists into rankings: one row per list with {@code user}, {@code item} (raw ids of the user and the
 * held-out item), {@code label}, {@code rank}, {@code logit} (the held-out item's), {@code like_logit} (that of its label, the
 * same with one head), {@code candidates} (items scored),
 * {@code user_index}, {@code item_index}, {@code interaction}, {@code negatives} (the other items' indices) and {@code
 * negative_logits} (theirs).
 */
public final class RankingJob {

    /** The column with the sampled items' logits. */
    public static final String NEGATIVE_LOGITS = "negative_logits";

    /** The column with the held-out item's logit. */
    public static final String LOGIT = "logit";

    /** The column with the held-out item's logit of its label. */
    public static final String LIKE_LOGIT = "like_logit";

    private static final String LOGITS = "_logits";
    /** For a fast model some tenths of a second: beside them what a task costs itself, and its file, is little. */
    private static final int CANDIDATES_PER_TASK = 1 << 18;

    /** Fewer are no task, even where cores are idle. */
    private static final int LEAST_PER_TASK = 1 << 16;

    private RankingJob() {}

    /**
     * Scores and ranks.
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
        int partitions = tasks(candidates, lists.sparkSession().sparkContext().defaultParallelism());
        Dataset<Row> given = lists.select(columns.toArray(Column[]::new));
        Dataset<Row> scored = transformer
                .setInputCols(inputs.toArray(String[]::new))
                .setOutputCol(LOGITS)
                .setLikeCol(LIKE_LOGIT)
                .setNumPartitions(partitions)
                .transform(
                        schema.fields(FieldGroup.USER).isEmpty()
                                ? given.repartition(partitions, col(Tables.INTERACTION))
                                : given);
        Dataset<Row> ranked = ranked(scored.select(
                Tables.INTERACTION,
                Tables.USER_INDEX,
                Tables.ITEM_INDEX,
                Tables.LABEL,
                Tables.ITEM_INDICES,
                LOGITS,
                LIKE_LOGIT));
        // Without the features, which may have any names.
        return ranked.join(users.select(col(Tables.USER_INDEX), col(userKey).as("user")), Tables.USER_INDEX)
                .join(items.select(col(Tables.ITEM_INDEX), col(itemKey).as("item")), Tables.ITEM_INDEX)
                .select(
                        "user",
                        "item",
                        Tables.LABEL,
                        "rank",
                        LOGIT,
                        LIKE_LOGIT,
                        "candidates",
                        Tables.USER_INDEX,
                        Tables.ITEM_INDEX,
                        Tables.INTERACTION,
                        Tables.NEGATIVES,
                        NEGATIVE_LOGITS);
    }

    private static int tasks(long candidates, int cores) {
        return (int) Math.max(1 + candidates / CANDIDATES_PER_TASK, Math.min(cores, 1 + candidates / LEAST_PER_TASK));
    }

    /** The last three of seven columns become six: rank, both logits, candidates, negatives and their logits. */
    private static Dataset<Row> ranked(Dataset<Row> scored) {
        StructType type = scored.drop(Tables.ITEM_INDICES, LOGITS, LIKE_LOGIT)
                .schema()
                .add("rank", DataTypes.IntegerType, false)
                .add(LOGIT, DataTypes.FloatType, false)
                .add(LIKE_LOGIT, DataTypes.FloatType, false)
                .add("candidates", DataTypes.IntegerType, false)
                .add(Tables.NEGATIVES, DataTypes.createArrayType(DataTypes.IntegerType, false), false)
                .add(NEGATIVE_LOGITS, DataTypes.createArrayType(DataTypes.FloatType, false), false);
        JavaRDD<InternalRow> rows = scored.queryExecution().toRdd().toJavaRDD().map(RankingJob::ranked);
        return InternalRows.toDataset(scored.sparkSession(), rows, type);
    }

    private static InternalRow ranked(InternalRow row) {
        int[] items = row.getArray(4).toIntArray();
        float[] logits = row.getArray(5).toFloatArray();
        float[] negatives = Arrays.copyOfRange(logits, 1, logits.length);
        return new GenericInternalRow(new Object[] {
            row.getLong(0),
            row.getInt(1),
            row.getInt(2),
            row.getInt(3),
            CandidateList.rank(logits[0], negatives),
            logits[0],
            row.getFloat(6),
            logits.length,
            UnsafeArrayData.fromPrimitiveArray(Arrays.copyOfRange(items, 1, items.length)),
            UnsafeArrayData.fromPrimitiveArray(negatives)
        });
    }
}
