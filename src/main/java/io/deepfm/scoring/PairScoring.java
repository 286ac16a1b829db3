package io.deepfm.scoring;

import static org.apache.spark.sql.functions.col;

import io.deepfm.inference.CandidateScorer;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scores rows that each hold one user, one item and a context of their own, many rows per forward pass.
 *
 * <p>Which rows share a forward pass depends on the rows alone, not on the cluster: a matrix product may round the same
 * row differently beside others.
 */
final class PairScoring {

    private static final int ROWS_PER_TASK = 1 << 16;

    private PairScoring() {}

    /**
     * Adds the logits.
     *
     * @param rows rows with {@code user_row}, {@code item_row}, {@code interaction} and the model's context fields
     * @param transformer says where the model is, and how many rows one forward pass takes
     * @param output the name of the column of logits (float)
     * @return the rows, in any order
     */
    static Dataset<Row> score(Dataset<Row> rows, CandidateTransformer transformer, String output) {
        SparkSession spark = rows.sparkSession();
        SavedModel model = transformer.model(spark);
        ExecutorModel<CandidateScorer> scorer = transformer.scorer(spark, model);
        int batchSize = transformer.batchSizeOrDefault();
        int tasks = (int) (1 + rows.count() / ROWS_PER_TASK);
        List<FieldSchema> contextFields = model.schema().fields(FieldGroup.CONTEXT);
        List<String> names = new ArrayList<>(List.of(Tables.USER_ROW, Tables.ITEM_ROW));
        contextFields.stream().map(FieldSchema::name).forEach(names::add);
        // The inputs come first in a row, so that they are found by their places.
        Arrays.stream(rows.columns()).filter(name -> !names.contains(name)).forEach(names::add);
        Dataset<Row> ordered = rows.select(names.stream().map(name -> col(name)).toArray(Column[]::new));
        StructType scored = ordered.schema().add(output, DataTypes.FloatType, false);
        MapPartitionsFunction<Row, Row> score =
                part -> new BatchedRows(part, batchSize, batch -> scored(batch, scorer.get(), contextFields));
        return ordered.repartition(tasks, col(Tables.INTERACTION))
                .sortWithinPartitions(Tables.INTERACTION)
                .mapPartitions(score, Encoders.row(scored));
    }

    private static List<Row> scored(List<Row> batch, CandidateScorer scorer, List<FieldSchema> contextFields) {
        int[] userRows = batch.stream().mapToInt(row -> row.getInt(0)).toArray();
        int[] itemRows = batch.stream().mapToInt(row -> row.getInt(1)).toArray();
        float[] scores = scorer.scorePairs(userRows, itemRows, EncodedRows.table(batch, 2, contextFields));
        List<Row> scored = new ArrayList<>(scores.length);
        for (int i = 0; i < scores.length; i++) {
            Row row = batch.get(i);
            Object[] values = new Object[row.length() + 1];
            for (int column = 0; column < row.length(); column++) {
                values[column] = row.get(column);
            }
            values[row.length()] = scores[i];
            scored.add(RowFactory.create(values));
        }
        return scored;
    }
}
