package io.deepfm.job;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.EncodeStage;
import io.deepfm.data.StageSql;
import io.deepfm.data.source.QueriedSources;
import io.deepfm.data.source.Snapshot;
import io.deepfm.data.source.TakenRows;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.Datasets;
import io.deepfm.dataset.TableSource;
import io.deepfm.job.progress.JobListener;
import io.deepfm.job.progress.SparkTasks;
import io.deepfm.job.session.SparkApplication;
import io.deepfm.job.session.StageRunner;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Publication;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.pipeline.lock.Lock;
import io.deepfm.report.RunDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;

/** What the jobs of one command work with. */
public final class Session implements AutoCloseable {

    /** What a command does with the run in {@code output_dir} and the prepared data in {@code work_dir}. */
    public enum Access {
        /** It writes there, and no other command may write into the run at the same time. */
        WRITE,
        /** As WRITE, and finished results stay as they are until all new ones are there. */
        REPLACE,
        /** It has no run: it reads a model or prepares data at most; neither folder need be there. */
        READ
    }

    private final ExperimentConfig config;
    private final SparkApplication application;
    private final SparkTasks tasks;
    private final Storage storage;
    private final String command;
    private final Optional<Lock> lock;
    private final WorkDirectory work;
    private final WorkDirectory epochs;
    private final RunDirectory run;
    private final WorkDirectory output;
    private final JobListener listener;
    private final StageRunner stages;
    private final TakenRows taken;
    private DatasetDefinition dataset;

    /** Makes the listener of a session. */
    @FunctionalInterface
    public interface Listening {
        /**
         * Called once the session may write.
         *
         * @param storage the file systems
         * @param log where what is told may be kept; nothing for a session that only reads
         * @return who is told how the jobs come along
         */
        JobListener listen(Storage storage, Optional<Path> log);
    }

    /**
     * Starts Spark and takes the run's folder.
     *
     * @param command who works here, for messages to others
     * @param config the settings
     * @param access what will be done
     * @param master Spark's master where spark-submit gives none; may be null
     * @param forced the names of stages that run even if they are up to date
     * @param listening makes the listener
     * @throws ConfigException if a folder cannot be written to or Spark does not know the master
     * @throws io.deepfm.pipeline.lock.LockedException if another process writes into the run's folder
     */
    public Session(
            String command,
            ExperimentConfig config,
            Access access,
            String master,
            Predicate<String> forced,
            Listening listening) {
        this(command, config, access, SparkApplication.start(command, master), forced, listening, Optional.empty());
    }

    /**
     * Works on a SparkSession of an application, which stays open afterwards, and takes the run's folder.
     *
     * @param command who works here, for messages to others
     * @param config the settings
     * @param spark one for these stages, whose settings of SQL become theirs
     * @param listener who is told how the jobs come along
     * @return a session that writes
     * @throws ConfigException if a folder cannot be written to
     * @throws io.deepfm.pipeline.lock.LockedException if another process writes into the run's folder
     */
    public static Session within(String command, ExperimentConfig config, SparkSession spark, JobListener listener) {
        SparkApplication application = new SparkApplication(spark, false);
        return new Session(
                command,
                config,
                Access.WRITE,
                application,
                stage -> false,
                (storage, log) -> listener,
                Optional.empty());
    }

    /**
     * Starts Spark and takes the run's folder, for one of several runs over the same rows.
     *
     * @param command who works here, for messages to others
     * @param config the settings
     * @param master Spark's master where spark-submit gives none; may be null
     * @param listener who is told how the jobs come along
     * @param taken what the runs' sources have given so far; what this one takes over is added
     * @return a session that writes
     * @throws ConfigException if a folder cannot be written to or Spark does not know the master
     * @throws io.deepfm.pipeline.lock.LockedException if another process writes into the run's folder
     */
    public static Session sharing(
            String command, ExperimentConfig config, String master, JobListener listener, TakenRows taken) {
        return new Session(
                command,
                config,
                Access.WRITE,
                SparkApplication.start(command, master),
                stage -> false,
                (storage, log) -> listener,
                Optional.of(taken));
    }

    private Session(
            String command,
            ExperimentConfig config,
            Access access,
            SparkApplication application,
            Predicate<String> forced,
            Listening listening,
            Optional<TakenRows> shared) {
        this.command = command;
        this.config = config;
        this.application = application;
        Optional<Lock> held = Optional.empty();
        try {
            SparkContext spark = application.spark().sparkContext();
            this.storage = new Storage(spark.hadoopConfiguration());
            this.run = RunDirectory.of(config, storage);
            Path prepared = new Path(config.workDir());
            WorkDirectory results = new WorkDirectory(storage, run.root());
            if (access != Access.READ) {
                makeWritable("output_dir", run.root());
                makeWritable("work_dir", prepared);
                held = Optional.of(Lock.take(storage, run.lock(), command, "output_dir", run.root()));
                storage.clean(run.root());
                new Publication(storage, run.root()).end();
                this.listener = listening.listen(storage, Optional.of(run.log()));
            } else {
                this.listener = listening.listen(storage, Optional.empty());
            }
            this.lock = held;
            this.tasks = new SparkTasks(command, listener::onProgress);
            spark.addSparkListener(tasks);
            this.stages = new StageRunner(spark, forced, listener);
            this.work = new WorkDirectory(storage, prepared, command, listener::onDetail);
            this.epochs = new WorkDirectory(storage, epochsFolder(prepared), command, listener::onDetail);
            this.taken = shared.orElseGet(() -> new TakenRows(work.path(Tables.SOURCES)));
            this.output = access == Access.REPLACE ? results.holdingBack(EvaluateJob.NAME) : results;
        } catch (RuntimeException e) {
            held.ifPresent(Lock::close);
            application.close();
            throw e;
        }
    }

    /** A run's own, as runs with other seeds or negatives, or at another epoch, share the work directory. */
    private Path epochsFolder(Path shared) {
        String place = storage.qualified(run.root()).toString();
        String name = run.root().getName() + "-"
                + new Fingerprint().add("output_dir", place).hex().substring(0, 8);
        return new Path(shared, Tables.EPOCHS + "/" + name);
    }

    private void makeWritable(String key, Path folder) {
        try {
            storage.makeWritable(folder);
        } catch (UncheckedIOException | DataException e) {
            throw new ConfigException(
                    frontEnd -> key + " = " + folder + ": this folder is not writable. Choose another with "
                            + frontEnd.folder(key) + ". (" + e.getMessage() + ")");
        }
    }

    public ExperimentConfig config() {
        return config;
    }

    /** Whether the run's folder has a model, whatever its settings. */
    public boolean isTrained() {
        return output.manifest("train").isPresent();
    }

    public SparkSession spark() {
        return application.spark();
    }

    public Storage storage() {
        return storage;
    }

    public WorkDirectory work() {
        return work;
    }

    /** The shards of the epochs of this run, beside the data that all runs share. */
    WorkDirectory epochs() {
        return epochs;
    }

    public RunDirectory run() {
        return run;
    }

    /** The run's model. */
    public Path model() {
        return output.path(run.model().getName());
    }

    /** The run's folder as the place of its own stages; the session's lock keeps others out of it. */
    WorkDirectory output() {
        return output;
    }

    /**
     * Who hears of the progress.
     *
     * @return the console, for a command
     */
    public JobListener listener() {
        return listener;
    }

    /**
     * The dataset, whose sources are files: what is none is taken over when it is first asked for, which is also when the
     * SparkSession takes its time zone.
     *
     * @return the same each time
     */
    public DatasetDefinition dataset() {
        if (dataset == null) {
            DatasetDefinition described = Datasets.of(config);
            // Before anything is read: queries give times, too.
            StageSql.setTimeZone(spark(), described);
            dataset = new QueriedSources(spark(), storage, taken, this::alone, this::tell).inFiles(described);
        }
        return dataset;
    }

    private Lock alone(Path file) {
        return Lock.await(storage, file, command, listener::onDetail);
    }

    private void tell(TableSource source, Snapshot snapshot) {
        listener.onDetail(String.format(
                Locale.ROOT, "%,d rows of %s are in %s", snapshot.rows(), source.place(), taken.folder()));
    }

    /** The dataset without the features that encoding left out. */
    DatasetDefinition encodedDataset() {
        return EncodeStage.left(work, dataset());
    }

    /** Runs the stages that jobs consist of. */
    StageRunner stages() {
        return stages;
    }

    @Override
    public void close() {
        // What follows is quick, and must be done even where the command was interrupted.
        Thread.interrupted();
        try {
            epochs.close();
            work.close();
            listener.close();
        } finally {
            lock.ifPresent(Lock::close);
            spark().sparkContext().removeSparkListener(tasks);
            application.close();
        }
    }
}
