package io.deepfm.ml;

import io.deepfm.advice.UserException;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.StageSql;
import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import io.deepfm.job.TrainJob;
import io.deepfm.job.explain.ExplainJob;
import io.deepfm.ml.column.InputColumns;
import io.deepfm.ml.column.OutputColumns;
import io.deepfm.ml.fit.EstimatorFrontEnd;
import io.deepfm.ml.fit.FitSettings;
import io.deepfm.ml.fit.LoggedProgress;
import io.deepfm.ml.param.DeepFmParams;
import io.deepfm.ml.param.FitParams;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.Estimator;
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
 * DeepFM and its variants as a Spark ML estimator: a recommender where {@code userCol} and {@code itemCol} are given, else a
 * classifier of clicks.
 *
 * <pre>
 * DeepFmModel model = new DeepFm().setUserCol("user").setItemCol("item").setTimestampCol("time").fit(ratings);
 * model.recommendForAllUsers(10).show();
 * </pre>
 *
 * <p>{@code fit} runs the stages that the command line runs, below {@code workDir}: the rows are written there as Parquet, and
 * what an earlier fit has done of the same rows with the same parameters is not done again, so that a fit that was interrupted goes
 * on. Rows that come in the same order give the same weights, to the bit, on a machine with as many cores. All rows are
 * trained on but those for validation, which choose the best epoch: each user's last one by {@code timestampCol}, or else a random
 * tenth.
 */
public final class DeepFm extends Estimator<DeepFmModel>
        implements DeepFmParams<DeepFm>, FitParams<DeepFm>, MLWritable {

    private static final long serialVersionUID = 1L;

    /** What matters to the model is found out on so many candidates of validation, by shuffling each field so often. */
    private static final long EXPLAINED_CANDIDATES = 20_000;

    private static final int REPEATS = 3;

    private final String uid;
    private final DeepFmParams.Declared shared;
    private final FitParams.Declared fitting;
    /** Tables are no parameters, as they cannot be written as JSON. */
    private transient Optional<Dataset<Row>> users = Optional.empty();

    private transient Optional<Dataset<Row>> items = Optional.empty();

    /** An estimator with a new identity. */
    public DeepFm() {
        this(Identifiable$.MODULE$.randomUID("deepfm"));
    }

    /**
     * An estimator with the identity of another, which is how Spark copies it.
     *
     * @param uid the identity
     */
    public DeepFm(String uid) {
        // A parameter takes its owner's uid when it is made, so the uid comes first.
        this.uid = uid;
        shared = new DeepFmParams.Declared(this);
        fitting = new FitParams.Declared(this);
    }

    @Override
    public DeepFmParams.Declared shared() {
        return shared;
    }

    @Override
    public FitParams.Declared fitting() {
        return fitting;
    }

    /**
     * Sets the users' own columns, which become features.
     *
     * @param rows one per user, with {@code userCol}
     * @return this
     */
    public DeepFm setUsers(Dataset<Row> rows) {
        users = Optional.of(rows);
        return this;
    }

    /**
     * Sets the items' own columns, which become features.
     *
     * @param rows one per item, with {@code itemCol}
     * @return this
     */
    public DeepFm setItems(Dataset<Row> rows) {
        items = Optional.of(rows);
        return this;
    }

    /**
     * Trains.
     *
     * @param dataset the interactions or clicks
     * @return the model of the best epoch
     * @throws IllegalArgumentException if a parameter does not fit the rows
     * @throws io.deepfm.config.ConfigException if a setting cannot be used
     * @throws io.deepfm.storage.DataException if a value cannot be used; the message names row, column and value
     */
    @Override
    public DeepFmModel fit(Dataset<?> dataset) {
        transformSchema(dataset.schema(), true);
        try {
            // One at a time in a process: each takes all cores, and the engine's threads are the process's.
            synchronized (DeepFm.class) {
                return trained(dataset.toDF());
            }
        } catch (RuntimeException e) {
            throw UserException.saidTo(new EstimatorFrontEnd(this), e);
        }
    }

    private DeepFmModel trained(Dataset<Row> dataset) {
        SparkSession spark = dataset.sparkSession();
        ExperimentConfig experiment = new FitSettings<>(this, dataset, users, items)
                .write(FitSettings.folder(this, spark), DeepFmModel.storage(spark));
        SparkSession stages = StageSql.session(spark);
        Path model = StageSql.within(stages, () -> model(experiment, stages));
        DeepFmModel trained = new DeepFmModel(uid, model.toString());
        return copyValues(trained.setParent(this), ParamMap.empty());
    }

    private Path model(ExperimentConfig experiment, SparkSession stages) {
        try (Session session = Session.within("fit " + uid, experiment, stages, new LoggedProgress())) {
            new DataJob(session).candidates();
            new TrainJob(session, true, Optional.empty()).train();
            if (!DeepFmSummary.isExplained(session.storage(), session.model())) {
                new ExplainJob(session, session.model()).explain(EXPLAINED_CANDIDATES, REPEATS);
            }
            return session.model();
        }
    }

    @Override
    public StructType transformSchema(StructType schema) {
        InputColumns.check(this, schema, users.map(Dataset::schema), items.map(Dataset::schema));
        return OutputColumns.added(schema, this);
    }

    Optional<Dataset<Row>> users() {
        return users;
    }

    Optional<Dataset<Row>> items() {
        return items;
    }

    @Override
    public DeepFm copy(ParamMap extra) {
        DeepFm copy = defaultCopy(extra);
        copy.users = users;
        copy.items = items;
        return copy;
    }

    @Override
    public MLWriter write() {
        return new EstimatorFolder.Writer(this);
    }

    /**
     * Reads an estimator that {@link #write} stored.
     *
     * @return the reader
     */
    public static MLReader<DeepFm> read() {
        return new EstimatorFolder.Reader();
    }

    /**
     * Reads an estimator.
     *
     * @param path its folder
     * @return the estimator
     */
    public static DeepFm load(String path) {
        return read().load(path);
    }

    @Override
    public String uid() {
        return uid;
    }
}
