package io.deepfm.scoring;

import io.deepfm.data.InternalRows;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.scoring.task.ExecutorScorer;
import io.deepfm.scoring.task.ListScoring;
import io.deepfm.scoring.task.UserFeatures;
import io.deepfm.storage.Storage;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Scores candidate lists with a stored model: one row holds a user and all the items to score for that user.
 *
 * <p>The model and its encoded tables are read once, on the driver, so no shared disk is needed. Model and items travel to the
 * executors as a broadcast, and each loads them once per JVM; a user's features travel with the user's lists, so that memory
 * does not grow with the users. One operation uses as many threads as a task has cores.
 *
 * <p>Input columns: the user's index (int), the items' indices (array of int), then the model's context fields if it has
 * any. Output column: one logit per item (array of float).
 */
public final class CandidateTransformer extends Transformer {

    private static final long serialVersionUID = 1L;

    private static final FeatureTable NOBODY = new FeatureTable(0, new int[0], new float[0]);

    private final String uid;
    private final Param<String> modelUrl;
    private final IntParam batchSize;
    private final IntParam numPartitions;
    private final StringArrayParam inputCols;
    private final Param<String> outputCol;
    private final Param<String> likeCol;
    private transient Shared shared;

    /** An open model; it serves all datasets of an application that are scored with one. */
    private record Shared(String key, DatasetSchema schema, FeatureTable users, ExecutorScorer scorer) {}

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
        numPartitions = new IntParam(this, "numPartitions", "over how many partitions lists are spread by user");
        inputCols = new StringArrayParam(this, "inputCols", "the user index, the item indices, the context fields");
        outputCol = new Param<>(this, "outputCol", "the output column of logits, which rank the items");
        likeCol = new Param<>(this, "likeCol", "the output column of the first item's logit of its label");
        setDefault(batchSize, 2048);
        setDefault(outputCol, "logits");
        setDefault(likeCol, "like_logit");
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
     * Over how many partitions lists are spread where users have features; without it as many as Spark's shuffles have.
     *
     * @return the parameter
     */
    public IntParam numPartitions() {
        return numPartitions;
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
     * The column of the first item's logit of its label, with one head the same as the first of its logits.
     *
     * @return the parameter
     */
    public Param<String> likeCol() {
        return likeCol;
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
     * Sets over how many partitions lists are spread.
     *
     * @param value at least 1
     * @return this
     */
    public CandidateTransformer setNumPartitions(int value) {
        set(numPartitions, value);
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
     * Sets the column of the first item's logit of its label.
     *
     * @param value its name
     * @return this
     */
    public CandidateTransformer setLikeCol(String value) {
        set(likeCol, value);
        return this;
    }

    /**
     * Adds the logits. Where users have features, lists and users meet by a shuffle, each with their own.
     *
     * @param dataset rows with the input columns, each list with at least one item
     * @return the rows with the output columns, in another order
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        SparkSession spark = dataset.sparkSession();
        Shared model = shared(spark);
        String[] inputs = $(inputCols);
        boolean hasUsers = model.users().rows() > 0;
        Dataset<Row> lists = hasUsers
                ? dataset.toDF()
                        .repartition(partitions(dataset), dataset.col(inputs[0]))
                        .sortWithinPartitions(inputs[0])
                : dataset.toDF();
        StructType schema = dataset.schema();
        int[] columns = Stream.of(inputs).mapToInt(schema::fieldIndex).toArray();
        ListScoring scoring = new ListScoring(
                model.scorer(), model.schema(), columns[0], columns[1], Arrays.copyOfRange(columns, 2, columns.length));
        JavaRDD<InternalRow> rows = lists.queryExecution().toRdd().toJavaRDD();
        // Of no lists at all there may be no partition either.
        JavaRDD<InternalRow> scored = hasUsers && rows.getNumPartitions() > 0
                ? rows.zipPartitions(UserFeatures.spread(spark, model.users(), rows.getNumPartitions()), scoring::of)
                : rows.mapPartitions(part -> scoring.of(part, Collections.emptyIterator()));
        return InternalRows.toDataset(spark, scored, transformSchema(schema));
    }

    /**
     * Opens the model now; copies share it.
     *
     * @param spark the session
     * @return this
     */
    public CandidateTransformer open(SparkSession spark) {
        shared(spark);
        return this;
    }

    private int partitions(Dataset<?> dataset) {
        return isSet(numPartitions)
                ? (Integer) getOrDefault(numPartitions)
                : Integer.parseInt(dataset.sparkSession().conf().get("spark.sql.shuffle.partitions"));
    }

    /** Opens the model, unless the files are those that it was opened from. */
    private Shared shared(SparkSession spark) {
        Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
        Path folder = new Path($(modelUrl));
        int most = (Integer) getOrDefault(batchSize);
        String files = storage.files(folder, "").stream()
                .map(file -> file.getPath() + " " + file.getLen() + " " + file.getModificationTime())
                .collect(Collectors.joining("\n"));
        String key = String.join("\n", spark.sparkContext().applicationId(), String.valueOf(most), files);
        if (shared == null || !shared.key().equals(key)) {
            SavedModel model = SavedModel.read(storage, folder);
            DatasetSchema schema = model.schema();
            FeatureTable users = schema.fields(FieldGroup.USER).isEmpty()
                    ? NOBODY
                    : FeatureTable.read(storage, new Path(folder, Tables.USERS), schema, FieldGroup.USER);
            FeatureTable items = FeatureTable.read(storage, new Path(folder, Tables.ITEMS), schema, FieldGroup.ITEM);
            shared = new Shared(
                    key, schema, users, ExecutorScorer.share(spark, model, Map.of(FieldGroup.ITEM, items), most));
        }
        return shared;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        return schema.add($(outputCol), DataTypes.createArrayType(DataTypes.FloatType, false), true)
                .add($(likeCol), DataTypes.FloatType, false);
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
