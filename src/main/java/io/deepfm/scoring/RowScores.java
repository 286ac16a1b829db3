package io.deepfm.scoring;

import io.deepfm.inference.Batches;
import io.deepfm.inference.Logits;
import io.deepfm.inference.Scorer;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.scoring.saved.SavedDataset;
import io.deepfm.scoring.task.ExecutorScorer;
import io.deepfm.scoring.task.RowBatches;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Gives each interaction of a table its probability, where it is: partitions and the order within them stay. */
public final class RowScores {

    /** The log-odds of the probability (double). */
    public static final String LOGIT = "logit";

    private RowScores() {}

    /**
     * Adds the log-odds of label 1; with two heads, of interacting and liking.
     *
     * @param interactions what {@link SavedDataset#interactions(Dataset)} gives
     * @param scorer the model, sent to the executors
     * @param schema its fields
     * @param batchSize the most rows per forward pass
     * @return the columns other than the features, and {@value #LOGIT}
     */
    public static Dataset<Row> of(
            Dataset<Row> interactions, ExecutorScorer scorer, DatasetSchema schema, int batchSize) {
        List<String> features =
                Arrays.stream(FieldGroup.values()).map(SavedDataset::features).toList();
        List<String> kept = Arrays.stream(interactions.columns())
                .filter(name -> !features.contains(name))
                .toList();
        StructType type = new StructType();
        for (String name : kept) {
            type = type.add(interactions.schema().apply(name));
        }
        List<String> order = new ArrayList<>(kept);
        order.addAll(features);
        MapPartitionsFunction<Row, Row> score = partition -> scored(partition, scorer, schema, kept.size(), batchSize);
        return interactions
                .select(order.stream().map(functions::col).toArray(Column[]::new))
                .mapPartitions(score, Encoders.row(type.add(LOGIT, DataTypes.DoubleType, false)));
    }

    private static Iterator<Row> scored(
            Iterator<Row> partition, ExecutorScorer shared, DatasetSchema schema, int kept, int batchSize) {
        if (!partition.hasNext()) {
            return partition;
        }
        Scorer scorer = shared.forTask();
        return RowBatches.mapped(
                new Batches<>(partition, batchSize, row -> 1),
                batch -> scored(
                        batch,
                        scorer.logits(RowPredictor.scoring(batch.size(), RowPredictor.features(batch, schema, kept))),
                        kept));
    }

    private static List<Row> scored(List<Row> batch, Logits logits, int kept) {
        List<Row> scored = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            Object[] values = new Object[kept + 1];
            for (int column = 0; column < kept; column++) {
                values[column] = batch.get(i).get(column);
            }
            values[kept] = logits.logOdds(i);
            scored.add(RowFactory.create(values));
        }
        return scored;
    }
}
