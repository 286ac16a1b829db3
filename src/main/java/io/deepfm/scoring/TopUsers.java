package io.deepfm.scoring;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.deepfm.data.encode.ScalaSeq;
import io.deepfm.inference.Batches;
import io.deepfm.inference.Scorer;
import io.deepfm.model.CtrModel;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.scoring.saved.SavedDataset;
import io.deepfm.scoring.task.ExecutorScorer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The users that each item of the catalogue suits best.
 *
 * <p>A task takes one user after the other, scores all items and keeps the best users of each item; then the tasks' choices meet.
 * Memory of a task grows with the items times the users to choose, not with the users.
 */
public final class TopUsers {

    private static final String LOGIT = "logit";

    private TopUsers() {}

    /** A user who suits an item. */
    private record Choice(float logit, long position, Object user) {

        /** The worst first; of equal logits the later user is worse, and one that is not a number is worst of all. */
        static final Comparator<Choice> WORST_FIRST = Comparator.comparingDouble(
                        (Choice choice) -> Float.isNaN(choice.logit) ? Double.NEGATIVE_INFINITY : choice.logit)
                .thenComparing(Choice::position, Comparator.reverseOrder());
    }

    /**
     * Chooses users.
     *
     * @param users as {@link Recommender#recommend} wants them
     * @param catalogue the items
     * @param model the model
     * @param count the most users per item
     * @param batchSize the most candidates per forward pass
     * @return {@code item}, {@code user} (their keys), {@code probability} (of label 1; with two heads the sigmoid of what ranks) and {@code rank} (from 1, by
     *     probability and then by the user's position), in no order
     */
    public static Dataset<Row> recommend(
            Dataset<Row> users, Catalogue catalogue, SavedModel model, int count, int batchSize) {
        ExecutorScorer scorer = ExecutorScorer.share(
                users.sparkSession(), model, Map.of(FieldGroup.ITEM, catalogue.features()), batchSize);
        DatasetSchema schema = model.schema();
        int[] indices = catalogue.indices();
        StructType type = new StructType()
                .add(Tables.ITEM_INDEX, DataTypes.IntegerType, false)
                .add("user", users.schema().apply(Tables.USER_KEY).dataType())
                .add(LOGIT, DataTypes.FloatType, false)
                .add("probability", DataTypes.DoubleType, false)
                .add(Recommender.POSITION, DataTypes.LongType, false);
        MapPartitionsFunction<Row, Row> best = part -> best(part, scorer, schema, indices, count);
        return Recommender.spread(users)
                .select(
                        col(Tables.USER_KEY),
                        col(SavedDataset.features(FieldGroup.USER)),
                        col(Tables.ITEM_INDICES),
                        col(SavedDataset.features(FieldGroup.CONTEXT)),
                        col(Recommender.POSITION))
                .mapPartitions(best, Encoders.row(type))
                .withColumn(
                        "rank",
                        row_number()
                                .over(Window.partitionBy(Tables.ITEM_INDEX)
                                        .orderBy(
                                                when(col(LOGIT).isNaN(), lit(Float.NEGATIVE_INFINITY))
                                                        .otherwise(col(LOGIT))
                                                        .desc(),
                                                col(Recommender.POSITION))))
                .filter(col("rank").leq(count))
                .join(broadcast(catalogue.shown()), Tables.ITEM_INDEX)
                .select(col(Tables.ITEM_KEY).as("item"), col("user"), col("probability"), col("rank"));
    }

    private static Iterator<Row> best(
            Iterator<Row> users, ExecutorScorer shared, DatasetSchema schema, int[] indices, int count) {
        if (!users.hasNext()) {
            return users;
        }
        Scorer scorer = shared.forTask();
        List<PriorityQueue<Choice>> chosen = new ArrayList<>(indices.length);
        for (int item = 0; item < indices.length; item++) {
            chosen.add(new PriorityQueue<>(Choice.WORST_FIRST));
        }
        new Batches<>(users, Scorer.MANY, user -> indices.length).forEachRemaining(batch -> {
            float[] logits = scorer.logits(Recommender.wholeCatalogue(batch, schema, indices.length))
                    .ranking();
            for (int i = 0; i < batch.size(); i++) {
                offer(
                        batch.get(i),
                        Arrays.copyOfRange(logits, i * indices.length, (i + 1) * indices.length),
                        chosen,
                        indices,
                        count);
            }
        });
        return rows(chosen, indices).iterator();
    }

    /** Offers a user to all items but those that the user has. */
    private static void offer(Row user, float[] logits, List<PriorityQueue<Choice>> chosen, int[] indices, int count) {
        int[] excluded =
                user.isNullAt(2) ? new int[0] : Catalogue.places(indices, ScalaSeq.toInts(user.<Integer>getSeq(2)));
        for (int item = 0; item < logits.length; item++) {
            if (Arrays.binarySearch(excluded, item) >= 0) {
                continue;
            }
            PriorityQueue<Choice> best = chosen.get(item);
            Choice choice = new Choice(logits[item], user.getLong(4), user.get(0));
            if (best.size() < count) {
                best.add(choice);
            } else if (Choice.WORST_FIRST.compare(choice, best.peek()) > 0) {
                best.poll();
                best.add(choice);
            }
        }
    }

    private static List<Row> rows(List<PriorityQueue<Choice>> chosen, int[] indices) {
        List<Row> rows = new ArrayList<>();
        for (int item = 0; item < indices.length; item++) {
            for (Choice choice : chosen.get(item)) {
                rows.add(RowFactory.create(
                        indices[item],
                        choice.user(),
                        choice.logit(),
                        CtrModel.probability(choice.logit()),
                        choice.position()));
            }
        }
        return rows;
    }
}
