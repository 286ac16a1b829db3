package io.deepfm.scoring;

import io.deepfm.data.encode.ScalaSeq;
import io.deepfm.inference.Batches;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.inference.ScoringBatch;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scores candidate lists with a stored model: one row holds a user and all the items to score for that user.
 *
 * <p>The model and the encoded tables are read once, on the driver, and travel to the executors as a broadcast, so no
 * shared disk is needed. Each executor loads them once per JVM, and one operation uses as many threads as a task has
 * cores.
 *
 * <p>Input columns: the user's index (int), the items' indices (array of int), then the model's context fields if it has
 * any. Output column: one logit per item (array of float).
 */
public final class CandidateTransformer extends Transformer {

    private static final long serialVersionUID = 1L;

    private final String uid;
    private final Param<String> modelUrl;
    private final IntParam batchSize;
    private final StringArrayParam inputCols;
    private final Param<String> outputCol;
    private transient Shared shared;

    /** What travelled to the executors; it serves all datasets of an application that are scored with one model. */
    private record Shared(String key, ExecutorScorer scorer) {}

    /** A transformer with a new identity. */
    public CandidateTransformer() {
        this(Identifiable$.MODULE$.randomUID("candidateTransformer"));
    }

    /**
     * A transformer with the identity of another, which is how Spark copies it.
     *
     * @param uid the identity
     */
    public CandidateTransformer(String uid) {
        // A parameter takes its owner's uid when it is made, so the uid comes first.
        this.uid = uid;
        modelUrl = new Param<>(this, "modelUrl", "the folder of the stored model");
        batchSize = new IntParam(this, "batchSize", "the most candidates per forward pass");
        inputCols = new StringArrayParam(this, "inputCols", "the user index, the item indices, the context fields");
        outputCol = new Param<>(this, "outputCol", "the output column of logits");
        setDefault(batchSize, 8192);
        setDefault(outputCol, "logits");
    }

    /**
     * The folder of the stored model.
     *
     * @return the parameter
     */
    public Param<String> modelUrl() {
        return modelUrl;
    }

    /**
     * The most items per forward pass.
     *
     * @return the parameter
     */
    public IntParam batchSize() {
        return batchSize;
    }

    /**
     * The input columns.
     *
     * @return the parameter
     */
    public StringArrayParam inputCols() {
        return inputCols;
    }

    /**
     * The column of logits.
     *
     * @return the parameter
     */
    public Param<String> outputCol() {
        return outputCol;
    }

    /**
     * Sets the folder of the stored model.
     *
     * @param value any Hadoop path
     * @return this
     */
    public CandidateTransformer setModelUrl(String value) {
        set(modelUrl, value);
        return this;
    }

    /**
     * Sets the most items per forward pass.
     *
     * @param value at least 1
     * @return this
     */
    public CandidateTransformer setBatchSize(int value) {
        set(batchSize, value);
        return this;
    }

    /**
     * Sets the input columns.
     *
     * @param values the user's index, the items' indices, then the context fields in the schema's order
     * @return this
     */
    public CandidateTransformer setInputCols(String... values) {
        set(inputCols, values);
        return this;
    }

    /**
     * Sets the column of logits.
     *
     * @param value its name
     * @return this
     */
    public CandidateTransformer setOutputCol(String value) {
        set(outputCol, value);
        return this;
    }

    /**
     * Adds the logits.
     *
     * @param dataset rows with the input columns, each list with at least one item
     * @return the rows with the output column
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        SavedModel model = SavedModel.read(storage(dataset.sparkSession()), new Path($(modelUrl)));
        ExecutorScorer scorer = scorer(dataset.sparkSession(), model);
        List<FieldSchema> contextFields = model.schema().fields(FieldGroup.CONTEXT);
        StructType schema = dataset.schema();
        int[] inputs = Stream.of($(inputCols)).mapToInt(schema::fieldIndex).toArray();
        int most = batchSizeOrDefault();
        MapPartitionsFunction<Row, Row> score = lists -> scored(lists, scorer, inputs, contextFields, most);
        return dataset.toDF().mapPartitions(score, Encoders.row(transformSchema(schema)));
    }

    private static Iterator<Row> scored(
            Iterator<Row> lists, ExecutorScorer shared, int[] inputs, List<FieldSchema> contextFields, int batchSize) {
        if (!lists.hasNext()) {
            return lists;
        }
        Scorer scorer = shared.forTask();
        return RowBatches.mapped(
                new Batches<>(lists, batchSize, row -> row.getSeq(inputs[1]).size()), batch -> {
                    ScoringBatch rows = batch(batch, inputs, contextFields);
                    float[] logits = scorer.logits(rows);
                    List<Row> scored = new ArrayList<>(batch.size());
                    for (int i = 0; i < batch.size(); i++) {
                        scored.add(RowBatches.with(
                                batch.get(i), Arrays.copyOfRange(logits, rows.offsets()[i], rows.offsets()[i + 1])));
                    }
                    return scored;
                });
    }

    private static ScoringBatch batch(List<Row> lists, int[] inputs, List<FieldSchema> contextFields) {
        int[] users = new int[lists.size()];
        int[] offsets = new int[lists.size() + 1];
        IntStream.Builder items = IntStream.builder();
        for (int i = 0; i < users.length; i++) {
            users[i] = lists.get(i).getInt(inputs[0]);
            int[] list = ScalaSeq.toInts(lists.get(i).<Integer>getSeq(inputs[1]));
            IntStream.of(list).forEach(items);
            offsets[i + 1] = offsets[i] + list.length;
        }
        int[] contextColumns = Arrays.copyOfRange(inputs, 2, inputs.length);
        return new ScoringBatch(
                offsets,
                new ScoringBatch.Known(users),
                new ScoringBatch.Known(items.build().toArray()),
                new ScoringBatch.Given(EncodedRows.table(lists, contextColumns, contextFields)));
    }

    private static Storage storage(SparkSession spark) {
        return new Storage(spark.sparkContext().hadoopConfiguration());
    }

    private int batchSizeOrDefault() {
        return (Integer) getOrDefault(batchSize);
    }

    /** Reads the encoded tables on the driver and lets them travel to the executors with the model, once. */
    private ExecutorScorer scorer(SparkSession spark, SavedModel model) {
        String key = String.join(
                "/",
                spark.sparkContext().applicationId(),
                $(modelUrl),
                model.fingerprint(),
                String.valueOf(batchSizeOrDefault()));
        if (shared == null || !shared.key().equals(key)) {
            Map<FieldGroup, FeatureTable> tables = Map.of(
                    FieldGroup.USER, table(spark, model, Tables.USERS, FieldGroup.USER),
                    FieldGroup.ITEM, table(spark, model, Tables.ITEMS, FieldGroup.ITEM));
            shared = new Shared(key, ExecutorScorer.share(spark, model, tables, batchSizeOrDefault()));
        }
        return shared.scorer();
    }

    private FeatureTable table(SparkSession spark, SavedModel model, String name, FieldGroup group) {
        return FeatureTable.read(storage(spark), new Path($(modelUrl), name), model.schema(), group);
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return schema.add($(outputCol), DataTypes.createArrayType(DataTypes.FloatType, false), true);
    }

    @Override
    public Transformer copy(ParamMap extra) {
        CandidateTransformer copy = defaultCopy(extra);
        copy.shared = shared;
        return copy;
    }

    @Override
    public String uid() {
        return uid;
    }
}
