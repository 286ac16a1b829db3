package io.deepfm.scoring;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.size;

import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Turns candidate lists into rankings: one row per list with {@code user}, {@code item} (raw ids of the user and the
 * held-out item), {@code label}, {@code rank}, {@code score} (the held-out item's logit), {@code candidates} (items
 * scored), {@code user_row}, {@code item_row}, {@code interaction} and {@code negative_scores} (the other items' logits).
 */
public final class RankingJob {

    /** The column with the sampled items' logits. */
    public static final String NEGATIVE_SCORES = "negative_scores";
    /** The column with the held-out item's logit. */
    public static final String SCORE = "score";

    private static final String SCORES = "_scores";
    private static final int TASKS_PER_CORE = 2;

    private RankingJob() {}

    /**
     * Scores and ranks.
     *
     * @param lists candidate lists
     * @param users raw users, with their row numbers
     * @param userKey the users' id column
     * @param items raw items, with their row numbers
     * @param itemKey the items' id column
     * @param schema the model's fields
     * @param transformer the model
     * @return the rankings, in any order
     */
    public static Dataset<Row> rank(
            Dataset<Row> lists,
            Dataset<Row> users,
            String userKey,
            Dataset<Row> items,
            String itemKey,
            DatasetSchema schema,
            CandidateTransformer transformer) {
        Dataset<Row> scored = schema.fields(FieldGroup.USER).isEmpty()
                        && schema.fields(FieldGroup.ITEM).isEmpty()
                ? pairs(lists, transformer)
                : lists(lists, schema, transformer);
        // Without the features, which may have any names.
        return scored.select(Tables.INTERACTION, Tables.USER_ROW, Tables.ITEM_ROW, Tables.LABEL, SCORES)
                .join(users.select(col(Tables.USER_ROW), col(userKey).as("user")), Tables.USER_ROW)
                .join(items.select(col(Tables.ITEM_ROW), col(itemKey).as("item")), Tables.ITEM_ROW)
                .withColumn(SCORE, element_at(col(SCORES), 1))
                .withColumn(NEGATIVE_SCORES, expr("slice(_scores, 2, size(_scores) - 1)"))
                // A tie counts against the held-out item.
                .withColumn("rank", expr("1 + size(filter(negative_scores, negative -> negative >= score))"))
                .withColumn("candidates", size(col(SCORES)))
                .select(
                        "user",
                        "item",
                        Tables.LABEL,
                        "rank",
                        SCORE,
                        "candidates",
                        Tables.USER_ROW,
                        Tables.ITEM_ROW,
                        Tables.INTERACTION,
                        NEGATIVE_SCORES);
    }

    private static Dataset<Row> lists(Dataset<Row> lists, DatasetSchema schema, CandidateTransformer transformer) {
        List<String> inputs = new ArrayList<>(List.of(Tables.USER_ROW, Tables.ITEM_ROWS));
        schema.fields(FieldGroup.CONTEXT).stream().map(FieldSchema::name).forEach(inputs::add);
        return transformer
                .setInputCols(inputs.toArray(String[]::new))
                .setOutputCol(SCORES)
                .transform(spread(lists)
                        .withColumn(Tables.ITEM_ROWS, concat(array(col(Tables.ITEM_ROW)), col(Tables.NEGATIVES))));
    }

    /** Without users and items a list is its held-out row alone. */
    private static Dataset<Row> pairs(Dataset<Row> lists, CandidateTransformer transformer) {
        return PairScoring.score(lists, transformer, "_score").withColumn(SCORES, array(col("_score")));
    }

    /** Over all cores: a few thousand lists fit in one file, and would be one task. */
    private static Dataset<Row> spread(Dataset<Row> lists) {
        int tasks = TASKS_PER_CORE * lists.sparkSession().sparkContext().defaultParallelism();
        return lists.repartition(Math.max(tasks, lists.rdd().getNumPartitions()), col(Tables.USER_ROW));
    }
}
