package io.deepfm.scoring;

import static org.apache.spark.sql.functions.col;

import io.deepfm.inference.Batches;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Logits;
import io.deepfm.inference.Scorer;
import io.deepfm.inference.ScoringBatch;
import io.deepfm.inference.ScoringBatch.Given;
import io.deepfm.model.CtrModel;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.scoring.saved.SavedDataset;
import io.deepfm.scoring.task.EncodedRows;
import io.deepfm.scoring.task.ExecutorScorer;
import io.deepfm.scoring.task.Explanations;
import io.deepfm.scoring.task.RowBatches;
import io.deepfm.storage.DataException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Gives each interaction of a file its probability.
 *
 * <p>A task scores its rows in batches, so memory grows neither with the rows nor with the users and items.
 */
public final class RowPredictor {

    /** The probability of label 1 (double); with two heads, of interacting and liking. */
    public static final String PROBABILITY = "probability";

    /** With two heads, the probability of interacting (double). */
    public static final String INTERACT = "probability_interact";

    /** With two heads, the probability of liking what one interacts with (double). */
    public static final String LIKE = "probability_like";

    /** Where the marks of unknown users and items are in a row to predict for, after all that every dataset has. */
    private static final int MARKS = 5;

    private RowPredictor() {}

    /**
     * Predicts.
     *
     * @param interactions what {@link SavedDataset#interactions} gives
     * @param model the model
     * @param batchSize rows per forward pass
     * @param explains whether the logits are explained
     * @return the line, the raw columns and {@value #PROBABILITY}, with two heads also {@value #INTERACT} and {@value #LIKE},
     *     then {@value SavedDataset#UNKNOWN_USER} and {@value SavedDataset#UNKNOWN_ITEM} where the dataset has users and
     *     items, then the columns of {@link Explanations}; in the order of the lines
     */
    public static Dataset<Row> predict(Dataset<Row> interactions, SavedModel model, int batchSize, boolean explains) {
        ExecutorScorer scorer = ExecutorScorer.share(interactions.sparkSession(), model, Map.of(), batchSize);
        DatasetSchema schema = model.schema();
        StructType raw =
                (StructType) interactions.schema().apply(SavedDataset.RAW).dataType();
        // Sorted before it is scored: to find the ranges, Spark computes what it sorts a second time.
        List<Column> columns = new ArrayList<>(List.of(
                col(SavedDataset.LINE),
                col(SavedDataset.RAW),
                col(SavedDataset.features(FieldGroup.USER)),
                col(SavedDataset.features(FieldGroup.ITEM)),
                col(SavedDataset.features(FieldGroup.CONTEXT))));
        List<String> marks = Stream.of(SavedDataset.UNKNOWN_USER, SavedDataset.UNKNOWN_ITEM)
                .filter(List.of(interactions.columns())::contains)
                .toList();
        marks.forEach(mark -> columns.add(col(mark)));
        Dataset<Row> rows = interactions.select(columns.toArray(Column[]::new)).orderBy(SavedDataset.LINE);
        int heads = model.config().heads().count();
        Explanations explanations = new Explanations(schema, explains ? heads : 0);
        requireNoOther(explanations.columns(), raw);
        MapPartitionsFunction<Row, Row> predict =
                partition -> predicted(partition, scorer, explanations, batchSize, heads == 2);
        return rows.mapPartitions(predict, Encoders.row(explanations.addTo(outputType(raw, heads == 2, marks))));
    }

    private static void requireNoOther(List<String> columns, StructType raw) {
        for (String name : raw.fieldNames()) {
            if (columns.stream().anyMatch(name::equalsIgnoreCase)) {
                throw new DataException("--explain: the input has a column " + name
                        + ", the name of one that would be added. Name it differently, or leave --explain out.");
            }
        }
    }

    private static Iterator<Row> predicted(
            Iterator<Row> partition,
            ExecutorScorer shared,
            Explanations explanations,
            int batchSize,
            boolean hasTwoHeads) {
        if (!partition.hasNext()) {
            return partition;
        }
        Scorer scorer = shared.forTask();
        return RowBatches.mapped(new Batches<>(partition, batchSize, row -> 1), batch -> {
            Map<FieldGroup, FeatureTable> features = features(batch, explanations.schema(), 2);
            List<Row> outputs = outputs(batch, scorer.logits(scoring(batch.size(), features)), hasTwoHeads);
            return explanations.addTo(outputs, scorer.model(), features);
        });
    }

    private static StructType outputType(StructType raw, boolean hasTwoHeads, List<String> marks) {
        StructType type = new StructType().add(SavedDataset.LINE, DataTypes.LongType, false);
        for (StructField field : raw.fields()) {
            type = type.add(field);
        }
        type = type.add(PROBABILITY, DataTypes.DoubleType, false);
        if (hasTwoHeads) {
            type = type.add(INTERACT, DataTypes.DoubleType, false).add(LIKE, DataTypes.DoubleType, false);
        }
        for (String mark : marks) {
            type = type.add(mark, DataTypes.BooleanType, false);
        }
        return type;
    }

    static ScoringBatch scoring(int rows, Map<FieldGroup, FeatureTable> features) {
        return ScoringBatch.ofRows(
                rows,
                new Given(features.get(FieldGroup.USER)),
                new Given(features.get(FieldGroup.ITEM)),
                new Given(features.get(FieldGroup.CONTEXT)));
    }

    /** The features of rows whose structs of the groups stand side by side from a column on. */
    static Map<FieldGroup, FeatureTable> features(List<Row> batch, DatasetSchema schema, int first) {
        Map<FieldGroup, FeatureTable> features = new EnumMap<>(FieldGroup.class);
        for (FieldGroup group : FieldGroup.values()) {
            List<Row> structs = new ArrayList<>(batch.size());
            for (Row row : batch) {
                structs.add(row.getStruct(first + group.ordinal()));
            }
            features.put(group, EncodedRows.table(structs, schema.fields(group)));
        }
        return features;
    }

    private static List<Row> outputs(List<Row> batch, Logits logits, boolean hasTwoHeads) {
        List<Row> outputs = new ArrayList<>(batch.size());
        for (int i = 0; i < batch.size(); i++) {
            outputs.add(
                    hasTwoHeads
                            ? output(
                                    batch.get(i),
                                    logits.probability(i),
                                    CtrModel.probability(logits.interact()[i]),
                                    CtrModel.probability(logits.like()[i]))
                            : output(batch.get(i), logits.probability(i)));
        }
        return outputs;
    }

    private static Row output(Row input, double... probabilities) {
        Row raw = input.getStruct(1);
        int marks = input.length() - MARKS;
        Object[] values = new Object[1 + raw.length() + probabilities.length + marks];
        values[0] = input.getLong(0);
        for (int i = 0; i < raw.length(); i++) {
            values[i + 1] = raw.get(i);
        }
        for (int i = 0; i < probabilities.length; i++) {
            values[1 + raw.length() + i] = probabilities[i];
        }
        for (int i = 0; i < marks; i++) {
            values[values.length - marks + i] = input.getBoolean(MARKS + i);
        }
        return RowFactory.create(values);
    }
}
