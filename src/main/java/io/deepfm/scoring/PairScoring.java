package io.deepfm.scoring;

import static org.apache.spark.sql.functions.col;

import io.deepfm.model.CandidateScorer;
import io.deepfm.model.FeatureTable;
import io.deepfm.model.SavedModel;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.storage.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Supplier;
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
        MapPartitionsFunction<Row, Row> score = part -> new Scored(part, contextFields, scorer::get, batchSize);
        return ordered.repartition(tasks, col(Tables.INTERACTION))
                .sortWithinPartitions(Tables.INTERACTION)
                .mapPartitions(score, Encoders.row(scored));
    }

    /** Takes a batch of rows whenever the one before has been handed on. */
    private static final class Scored implements Iterator<Row> {
        private final Iterator<Row> rows;
        private final List<FieldSchema> contextFields;
        private final Supplier<CandidateScorer> scorer;
        private final int batchSize;
        private Iterator<Row> batch = List.<Row>of().iterator();

        Scored(Iterator<Row> rows, List<FieldSchema> contextFields, Supplier<CandidateScorer> scorer, int batchSize) {
            this.rows = rows;
            this.contextFields = contextFields;
            this.scorer = scorer;
            this.batchSize = batchSize;
        }

        @Override
        public boolean hasNext() {
            return batch.hasNext() || rows.hasNext();
        }

        @Override
        public Row next() {
            if (!batch.hasNext()) {
                if (!rows.hasNext()) {
                    throw new NoSuchElementException();
                }
                batch = nextBatch();
            }
            return batch.next();
        }

        private Iterator<Row> nextBatch() {
            List<Row> taken = new ArrayList<>(batchSize);
            while (rows.hasNext() && taken.size() < batchSize) {
                taken.add(rows.next());
            }
            int[] userRows = taken.stream().mapToInt(row -> row.getInt(0)).toArray();
            int[] itemRows = taken.stream().mapToInt(row -> row.getInt(1)).toArray();
            FeatureTable context = EncodedRows.table(taken, 2, contextFields);
            float[] scores = scorer.get().scorePairs(userRows, itemRows, context);
            List<Row> scored = new ArrayList<>(taken.size());
            for (int i = 0; i < scores.length; i++) {
                Object[] values = new Object[taken.get(i).length() + 1];
                for (int column = 0; column < values.length - 1; column++) {
                    values[column] = taken.get(i).get(column);
                }
                values[values.length - 1] = scores[i];
                scored.add(RowFactory.create(values));
            }
            return scored.iterator();
        }
    }
}
