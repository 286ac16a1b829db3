package io.deepfm.scoring;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import io.deepfm.data.encode.ScalaSeq;
import io.deepfm.inference.Batches;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.inference.ScoringBatch;
import io.deepfm.inference.ScoringBatch.Given;
import io.deepfm.inference.ScoringBatch.Known;
import io.deepfm.model.CtrModel;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.scoring.saved.SavedDataset;
import io.deepfm.scoring.task.EncodedRows;
import io.deepfm.scoring.task.ExecutorScorer;
import io.deepfm.scoring.task.Explanations;
import io.deepfm.scoring.task.RowBatches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapPartitionsFunction;
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

    private static final String PROBABILITY = "probability";
    private static final String RANK = "rank";
    private static final int TASKS_PER_CORE = 2;

    private Recommender() {}

    /**
     * Recommends.
     *
     * @param users {@value #POSITION}, the user's key and features, the context's features, and item rows to leave out (array
     *     or null)
     * @param catalogue the items
     * @param model the model
     * @param count the most items per user
     * @param batchSize the most candidates per forward pass
     * @param explains whether the logits are explained
     * @return {@code user}, {@code item} (their keys), {@code probability} (of label 1; with two heads the sigmoid of what ranks), {@code rank} (from 1, by
     *     probability and then by the item's index), the columns of {@link Explanations} and what else the catalogue shows, in the
     *     order of the positions and ranks
     */
    public static Dataset<Row> recommend(
            Dataset<Row> users, Catalogue catalogue, SavedModel model, int count, int batchSize, boolean explains) {
        ExecutorScorer scorer = ExecutorScorer.share(
                users.sparkSession(), model, Map.of(FieldGroup.ITEM, catalogue.features()), batchSize);
        Explanations explanations = new Explanations(
                model.schema(), explains ? model.config().heads().count() : 0);
        int[] indices = catalogue.indices();
        MapPartitionsFunction<Row, Row> best = part -> best(part, scorer, explanations, indices, count);
        List<String> shown = new ArrayList<>(List.of(PROBABILITY, RANK));
        shown.addAll(explanations.columns());
        return spread(users)
                .select(
                        col(Tables.USER_KEY),
                        col(SavedDataset.features(FieldGroup.USER)),
                        col(Tables.ITEM_INDICES),
                        col(SavedDataset.features(FieldGroup.CONTEXT)))
                .mapPartitions(best, Encoders.row(explanations.addTo(outputType(users))))
                // To each row where it is, so that the order stays.
                .join(broadcast(catalogue.shown()), Tables.ITEM_INDEX)
                .select(catalogue.columns("item", List.of("user"), shown));
    }

    private static Iterator<Row> best(
            Iterator<Row> users, ExecutorScorer shared, Explanations explanations, int[] indices, int count) {
        if (!users.hasNext()) {
            return users;
        }
        Scorer scorer = shared.forTask();
        int catalogue = indices.length;
        FeatureTable items = shared.table(FieldGroup.ITEM);
        return RowBatches.mapped(new Batches<>(users, Scorer.MANY, user -> catalogue), batch -> {
            ScoringBatch lists = wholeCatalogue(batch, explanations.schema(), catalogue);
            float[] logits = scorer.logits(lists).ranking();
            List<Row> best = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                Row user = batch.get(i);
                int[] excluded = user.isNullAt(2) ? new int[0] : ScalaSeq.toInts(user.<Integer>getSeq(2));
                float[] own = Arrays.copyOfRange(logits, i * catalogue, (i + 1) * catalogue);
                int[] places = TopItems.of(own, Catalogue.places(indices, excluded), count);
                best.addAll(explanations.addTo(
                        rows(user.get(0), places, own, indices), scorer.model(), pairs(lists, i, items, places)));
            }
            return best;
        });
    }

    /** One list's features beside those of some items. */
    private static Map<FieldGroup, FeatureTable> pairs(ScoringBatch lists, int list, FeatureTable items, int[] places) {
        int[] same = new int[places.length];
        Arrays.fill(same, list);
        return Map.of(
                FieldGroup.USER, ((Given) lists.users()).table().rows(same),
                FieldGroup.ITEM, items.rows(places),
                FieldGroup.CONTEXT, ((Given) lists.contexts()).table().rows(same));
    }

    /** All items for each user. */
    static ScoringBatch wholeCatalogue(List<Row> users, DatasetSchema schema, int catalogue) {
        int[] offsets = new int[users.size() + 1];
        int[] items = new int[users.size() * catalogue];
        List<Row> features = new ArrayList<>();
        List<Row> contexts = new ArrayList<>();
        for (int i = 0; i < users.size(); i++) {
            features.add(users.get(i).getStruct(1));
            contexts.add(users.get(i).getStruct(3));
            for (int item = 0; item < catalogue; item++) {
                items[i * catalogue + item] = item;
            }
            offsets[i + 1] = (i + 1) * catalogue;
        }
        return new ScoringBatch(
                offsets,
                new Given(EncodedRows.table(features, schema.fields(FieldGroup.USER))),
                new Known(items),
                new Given(EncodedRows.table(contexts, schema.fields(FieldGroup.CONTEXT))));
    }

    private static StructType outputType(Dataset<Row> users) {
        return new StructType()
                .add("user", users.schema().apply(Tables.USER_KEY).dataType())
                .add(Tables.ITEM_INDEX, DataTypes.IntegerType, false)
                .add(PROBABILITY, DataTypes.DoubleType, false)
                .add(RANK, DataTypes.IntegerType, false);
    }

    private static List<Row> rows(Object user, int[] places, float[] logits, int[] indices) {
        List<Row> rows = new ArrayList<>(places.length);
        for (int i = 0; i < places.length; i++) {
            rows.add(RowFactory.create(user, indices[places[i]], CtrModel.probability(logits[places[i]]), i + 1));
        }
        return rows;
    }

    /** In order, over all cores: a thousand users fit in one partition, and would be one task. */
    static Dataset<Row> spread(Dataset<Row> users) {
        int least = TASKS_PER_CORE * users.sparkSession().sparkContext().defaultParallelism();
        int usual = Integer.parseInt(users.sparkSession().conf().get("spark.sql.shuffle.partitions"));
        return users.repartitionByRange(Math.max(least, usual), col(POSITION)).sortWithinPartitions(POSITION);
    }
}
