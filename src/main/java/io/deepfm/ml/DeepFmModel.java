package io.deepfm.ml;

import io.deepfm.data.InternalRows;
import io.deepfm.data.read.TableReader;
import io.deepfm.ml.column.InputColumns;
import io.deepfm.ml.column.OutputColumns;
import io.deepfm.ml.param.DeepFmParams;
import io.deepfm.schema.Tables;
import io.deepfm.scoring.Recommender;
import io.deepfm.scoring.TopUsers;
import io.deepfm.storage.Storage;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * A trained model: of {@link DeepFm}, or any model's folder that the command line has written.
 *
 * <p>It refers to its folder, which has weights, vocabularies, users, items and, for models with histories, the interactions; below
 * {@code workDir} where it comes from {@code fit}. {@link #write} copies the folder.
 */
public final class DeepFmModel extends Model<DeepFmModel> implements DeepFmParams<DeepFmModel>, MLWritable {

    private static final long serialVersionUID = 1L;

    private final String uid;
    private final DeepFmParams.Declared shared;
    private String folder;
    private transient OpenModel open;

    /**
     * A model that has no folder yet, which is how Spark reads and copies it.
     *
     * @param uid the identity
     */
    public DeepFmModel(String uid) {
        this.uid = uid;
        shared = new DeepFmParams.Declared(this);
    }

    /**
     * A model in a folder.
     *
     * @param uid the identity
     * @param folder any Hadoop path
     */
    DeepFmModel(String uid, String folder) {
        this(uid);
        this.folder = folder;
    }

    static DeepFmModel in(String folder) {
        return new DeepFmModel(Identifiable$.MODULE$.randomUID("deepfm"), folder);
    }

    DeepFmModel at(String place) {
        folder = place;
        open = null;
        return this;
    }

    /**
     * Where the model is: the folder that {@code --checkpoint} of the command line takes.
     *
     * @return any Hadoop path
     */
    public String folder() {
        return folder;
    }

    @Override
    public DeepFmParams.Declared shared() {
        return shared;
    }

    /**
     * Predicts: adds the log-odds, probability and label of each row. Columns that neither a key nor a feature of the context
     * needs, such as the label's, may be missing. What users did before the rows is what the model keeps.
     *
     * @param dataset rows with raw values, as those that were fitted
     * @return the same rows, in no order
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        transformSchema(dataset.schema(), true);
        OpenModel model = open(dataset.sparkSession());
        return InternalRows.in(dataset.sparkSession(), OutputColumns.of(model.scored(dataset.toDF(), this), this));
    }

    @Override
    public StructType transformSchema(StructType schema) {
        InputColumns.check(open(SparkSession.active()).data().definition(), schema, this);
        return OutputColumns.added(schema, this);
    }

    /**
     * The best items of the catalogue for each user of the model.
     *
     * @param numItems the most items per user
     * @return {@code userCol}, and {@code recommendations}: an array of structs of {@code itemCol} and {@code rating} (float:
     *     the probability, with two heads the sigmoid of what ranks), best first
     */
    public Dataset<Row> recommendForAllUsers(int numItems) {
        OpenModel model = open(SparkSession.active()).requireUsersAndItems();
        return recommended(model, model.data().tables().savedUsers(), numItems);
    }

    /**
     * The best items of the catalogue for some of the model's users.
     *
     * @param dataset has {@code userCol}; users that the model does not know are left out
     * @param numItems the most items per user
     * @return as of {@link #recommendForAllUsers}
     */
    public Dataset<Row> recommendForUserSubset(Dataset<?> dataset, int numItems) {
        OpenModel model = open(dataset.sparkSession()).requireUsersAndItems();
        Dataset<Row> wanted = dataset.select(
                        dataset.col(TableReader.quoted(getUserCol())).as(Tables.USER_KEY))
                .distinct();
        return recommended(model, model.data().tables().savedUsers().join(wanted, Tables.USER_KEY), numItems);
    }

    private Dataset<Row> recommended(OpenModel model, Dataset<Row> users, int numItems) {
        requirePositive("numItems", numItems);
        Dataset<Row> best = Recommender.recommend(
                model.asking(users, getIncludeSeen()),
                model.catalogue(),
                model.model(),
                numItems,
                getBlockSize(),
                false);
        return InternalRows.in(
                model.spark(), OutputColumns.recommendations(best, "user", getUserCol(), "item", getItemCol()));
    }

    /**
     * The users of the model that each item suits best.
     *
     * @param numUsers the most users per item
     * @return {@code itemCol}, and {@code recommendations}: an array of structs of {@code userCol} and {@code rating} (float:
     *     the probability, with two heads the sigmoid of what ranks), best first
     */
    public Dataset<Row> recommendForAllItems(int numUsers) {
        requirePositive("numUsers", numUsers);
        OpenModel model = open(SparkSession.active()).requireUsersAndItems();
        Dataset<Row> users = model.asking(model.data().tables().savedUsers(), getIncludeSeen());
        Dataset<Row> best = TopUsers.recommend(users, model.catalogue(), model.model(), numUsers, getBlockSize());
        return InternalRows.in(
                model.spark(), OutputColumns.recommendations(best, "item", getItemCol(), "user", getUserCol()));
    }

    /**
     * How training went.
     *
     * @return what {@code fit} saw
     * @throws IllegalStateException if the model was not trained by {@code fit} in this place
     */
    public DeepFmSummary summary() {
        if (!hasSummary()) {
            throw new IllegalStateException("There is no summary for " + uid
                    + ": it is where the model was trained, beside the" + " model's folder.");
        }
        return DeepFmSummary.read(storage(SparkSession.active()), new Path(folder));
    }

    /**
     * Whether there is a {@link #summary}.
     *
     * @return false for a model that was copied from where it was trained
     */
    public boolean hasSummary() {
        return DeepFmSummary.isThere(storage(SparkSession.active()), new Path(folder));
    }

    private static void requirePositive(String what, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(what + " must be at least 1, found " + count + ".");
        }
    }

    private OpenModel open(SparkSession spark) {
        if (open == null || !open.serves(spark)) {
            open = OpenModel.of(spark, storage(spark), new Path(folder));
        }
        return open;
    }

    static Storage storage(SparkSession spark) {
        return new Storage(spark.sparkContext().hadoopConfiguration());
    }

    @Override
    public DeepFmModel copy(ParamMap extra) {
        DeepFmModel copy = new DeepFmModel(uid, folder);
        copy.open = open;
        return copyValues(copy, extra).setParent(parent());
    }

    @Override
    public MLWriter write() {
        return new ModelFolder.Writer(this);
    }

    /**
     * Reads a model that {@link #write} or the command line stored.
     *
     * @return the reader
     */
    public static MLReader<DeepFmModel> read() {
        return new ModelFolder.Reader();
    }

    /**
     * Reads a model.
     *
     * @param path the folder that {@link #write} or the command line wrote
     * @return the model
     */
    public static DeepFmModel load(String path) {
        return read().load(path);
    }

    @Override
    public String uid() {
        return uid;
    }
}
