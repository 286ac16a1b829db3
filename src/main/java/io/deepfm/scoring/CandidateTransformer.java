package io.deepfm.scoring;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udf;

import io.deepfm.data.encode.ScalaSeq;
import io.deepfm.inference.CandidateScorer;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scores candidate lists with a stored model: one row holds a user and all the items to score for that user.
 *
 * <p>The model and the encoded tables are read once, on the driver, and travel to the executors as a broadcast, so no
 * shared disk is needed. Each executor loads them once per JVM, and one operation uses as many threads as a task has
 * cores.
 *
 * <p>Input columns: the user's row (int), the items' rows (array of int), then the model's context fields if it has
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
    private record Shared(String application, String modelUrl, int batchSize, ExecutorModel<CandidateScorer> scorer) {}

    /** A transformer with a new identity. */
    public CandidateTransformer() {
        this(Identifiable$.MODULE$.randomUID("candidateTransformer"));
    }

    private CandidateTransformer(String uid) {
        // A parameter takes its owner's uid when it is made, so the uid comes first.
        this.uid = uid;
        modelUrl = new Param<>(this, "modelUrl", "the folder of the stored model");
        batchSize = new IntParam(this, "batchSize", "the most items per forward pass");
        inputCols = new StringArrayParam(this, "inputCols", "the user's row, the items' rows, the context fields");
        outputCol = new Param<>(this, "outputCol", "the column of logits");
        setDefault(batchSize, 8192);
        setDefault(outputCol, "scores");
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
     * @param values the user's row, the items' rows, then the context fields in the schema's order
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
     * @param dataset rows with the input columns
     * @return the rows with the output column
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        SavedModel model = model(dataset.sparkSession());
        ExecutorModel<CandidateScorer> scorer = scorer(dataset.sparkSession(), model);
        List<FieldSchema> contextFields = model.schema().fields(FieldGroup.CONTEXT);
        UDF1<Row, float[]> score = row -> scorer.get()
                .score(
                        row.getInt(0),
                        ScalaSeq.toInts(row.<Integer>getSeq(1)),
                        EncodedRows.table(List.of(row), 2, contextFields));
        Column inputs = struct(Stream.of($(inputCols)).map(name -> col(name)).toArray(Column[]::new));
        return dataset.withColumn(
                $(outputCol),
                udf(score, DataTypes.createArrayType(DataTypes.FloatType, false))
                        .apply(inputs));
    }

    /** Reads the model. */
    SavedModel model(SparkSession spark) {
        return SavedModel.read(new Storage(spark.sparkContext().hadoopConfiguration()), new Path($(modelUrl)));
    }

    int batchSizeOrDefault() {
        return (Integer) getOrDefault(batchSize);
    }

    /** Reads the encoded tables on the driver and lets them travel to the executors with the model, once. */
    ExecutorModel<CandidateScorer> scorer(SparkSession spark, SavedModel model) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        String application = context.sc().applicationId();
        if (shared == null
                || !shared.application().equals(application)
                || !shared.modelUrl().equals($(modelUrl))
                || shared.batchSize() != batchSizeOrDefault()) {
            ExecutorModel<CandidateScorer> scorer = ExecutorModel.share(context, source(context, model));
            shared = new Shared(application, $(modelUrl), batchSizeOrDefault(), scorer);
        }
        return shared.scorer();
    }

    private CandidateScorerSource source(JavaSparkContext context, SavedModel model) {
        Storage storage = new Storage(context.hadoopConfiguration());
        Path folder = new Path($(modelUrl));
        DatasetSchema schema = model.schema();
        return new CandidateScorerSource(
                model,
                FeatureTable.read(storage, new Path(folder, Tables.USERS), Tables.USER_ROW, schema, FieldGroup.USER),
                FeatureTable.read(storage, new Path(folder, Tables.ITEMS), Tables.ITEM_ROW, schema, FieldGroup.ITEM),
                batchSizeOrDefault());
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return schema.add($(outputCol), DataTypes.createArrayType(DataTypes.FloatType, false), true);
    }

    @Override
    public Transformer copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public String uid() {
        return uid;
    }
}
