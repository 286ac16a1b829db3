package io.deepfm.job;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.EncodeStage;
import io.deepfm.data.source.QueriedSources;
import io.deepfm.data.source.Snapshot;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.Datasets;
import io.deepfm.dataset.TableSource;
import io.deepfm.job.progress.JobListener;
import io.deepfm.job.progress.SparkTasks;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Lock;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.Publication;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.report.RunDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
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
    private final Predicate<String> forced;
    private final SparkSession spark;
    private final boolean isOwnSpark;
    private final SparkTasks tasks;
    private final Storage storage;
    private final Optional<Lock> lock;
    private final WorkDirectory work;
    private final WorkDirectory epochs;
    private final RunDirectory run;
    private final WorkDirectory output;
    private final JobListener listener;
    private DatasetDefinition dataset;
    private final Map<String, Object> timings = new LinkedHashMap<>();

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
     * @throws io.deepfm.pipeline.LockedException if another process writes into the run's folder
     */
    public Session(
            String command,
            ExperimentConfig config,
            Access access,
            String master,
            Predicate<String> forced,
            Listening listening) {
        this(command, config, access, spark(command, master), true, forced, listening);
    }

    /**
     * Works on the SparkSession of an application, which stays open afterwards, and takes the run's folder.
     *
     * @param command who works here, for messages to others
     * @param config the settings
     * @param spark the application's
     * @param listener who is told how the jobs come along
     * @return a session that writes
     * @throws ConfigException if a folder cannot be written to
     * @throws io.deepfm.pipeline.LockedException if another process writes into the run's folder
     */
    public static Session within(String command, ExperimentConfig config, SparkSession spark, JobListener listener) {
        return new Session(command, config, Access.WRITE, spark, false, stage -> false, (storage, log) -> listener);
    }

    private Session(
            String command,
            ExperimentConfig config,
            Access access,
            SparkSession spark,
            boolean isOwnSpark,
            Predicate<String> forced,
            Listening listening) {
        this.config = config;
        this.forced = forced;
        this.spark = spark;
        this.isOwnSpark = isOwnSpark;
        try {
            this.storage = new Storage(spark.sparkContext().hadoopConfiguration());
            this.run = new RunDirectory(new Path(config.outputDir()));
            Path shared = new Path(config.workDir());
            WorkDirectory results = new WorkDirectory(storage, run.root());
            if (access != Access.READ) {
                makeWritable("output_dir", run.root());
                makeWritable("work_dir", shared);
                this.lock = Optional.of(Lock.take(storage, run.lock(), command, "output_dir", run.root()));
                storage.clean(run.root());
                new Publication(storage, run.root()).end();
                this.listener = listening.listen(storage, Optional.of(run.log()));
            } else {
                this.lock = Optional.empty();
                this.listener = listening.listen(storage, Optional.empty());
            }
            this.tasks = new SparkTasks(command, listener::onProgress);
            spark.sparkContext().addSparkListener(tasks);
            this.work = new WorkDirectory(storage, shared, command, listener::onDetail);
            this.epochs = new WorkDirectory(storage, epochsFolder(shared), command, listener::onDetail);
            this.output = access == Access.REPLACE ? results.holdingBack(EvaluateJob.NAME) : results;
        } catch (RuntimeException e) {
            stopSpark();
            throw e;
        }
    }

    private static SparkSession spark(String command, String master) {
        SparkConf conf = new SparkConf();
        if (master != null) {
            conf.setMaster(master);
        }
        conf.setIfMissing("spark.master", "local[*]");
        // A web server without a password, open to the network, is for those who ask for it.
        conf.setIfMissing("spark.ui.enabled", "false");
        if (conf.get("spark.master").startsWith("local")) {
            // On one machine: no ports for others, and not 200 partitions of a few rows each.
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
            conf.setIfMissing(
                    "spark.sql.shuffle.partitions",
                    Integer.toString(Runtime.getRuntime().availableProcessors()));
            // A task without memory fails, and does not end this process without a word.
            conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
        }
        conf.setIfMissing("spark.sql.session.timeZone", "UTC");
        // Spark 4's default makes errors of what Spark 3 reads as null, which rows are checked for.
        conf.set("spark.sql.ansi.enabled", "false");
        // Parquet's pages carry checksums, which nobody looks at by default.
        conf.setIfMissing("spark.hadoop.parquet.page.verify-checksum.enabled", "true");
        try {
            return SparkSession.builder()
                    .appName("deepfm " + command)
                    .config(conf)
                    .getOrCreate();
        } catch (Exception e) {
            if (String.valueOf(e.getMessage()).contains("Master URL")) {
                throw new ConfigException("--master " + conf.get("spark.master")
                        + ": not a master that Spark knows. Use local[*], yarn, or a URL such as spark://host:7077.");
            }
            throw new IllegalStateException(
                    "Spark failed to start with --master " + conf.get("spark.master") + "; see its log.", e);
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

    /** Whether something runs even if it is up to date. */
    boolean forces(String stage) {
        return forced.test(stage);
    }

    /** Whether the run's folder has a model, whatever its settings. */
    public boolean isTrained() {
        return output.manifest("train").isPresent();
    }

    public SparkSession spark() {
        return spark;
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
     * The dataset, whose sources are files: what is none is taken over when it is first asked for.
     *
     * @return the same each time
     */
    public DatasetDefinition dataset() {
        if (dataset == null) {
            dataset = new QueriedSources(spark, storage, work.path(Tables.SOURCES), this::tell)
                    .inFiles(Datasets.of(config));
        }
        return dataset;
    }

    private void tell(TableSource source, Snapshot snapshot) {
        listener.onDetail(String.format(
                Locale.ROOT, "%,d rows of %s are in %s", snapshot.rows(), source.place(), work.path(Tables.SOURCES)));
    }

    /** The dataset without the features that encoding left out. */
    DatasetDefinition encodedDataset() {
        return EncodeStage.left(work, dataset());
    }

    /** Runs a stage in its folder unless it is up to date, and reports it. */
    void run(WorkDirectory folder, Stage stage, Function<Manifest, String> summary) {
        run(stage.name(), folder, List.of(stage), (stages, target) -> List.of(stage.run(target)), summary);
    }

    /** Runs together those of some stages whose outputs are not there already, and tells of all. */
    <S extends Stage> void run(
            String name,
            WorkDirectory folder,
            List<S> stages,
            Stage.Computation<S> computation,
            Function<Manifest, String> summary) {
        folder.run(stages, told(name, computation), forces(name)).forEach(outcome -> finished(outcome, summary));
    }

    /** Spark's jobs are told apart by what they are for. */
    private <S extends Stage> Stage.Computation<S> told(String name, Stage.Computation<S> computation) {
        return (stages, target) -> {
            spark.sparkContext().setLocalProperty(SparkTasks.TASK, name);
            try {
                return computation.run(stages, target);
            } finally {
                spark.sparkContext().setLocalProperty(SparkTasks.TASK, null);
            }
        };
    }

    /** Does the same, and tells of all as if they were one stage. */
    <S extends Stage> void runAsOne(
            String name, WorkDirectory folder, List<S> stages, Stage.Computation<S> computation, String what) {
        List<WorkDirectory.Outcome> outcomes = folder.run(stages, told(name, computation), forces(name));
        List<Double> seconds = outcomes.stream()
                .filter(outcome -> !outcome.reused())
                .map(outcome -> outcome.manifest().seconds())
                .toList();
        finished(name, what, seconds.stream().mapToDouble(each -> each).sum(), seconds.isEmpty());
    }

    private void finished(WorkDirectory.Outcome outcome, Function<Manifest, String> summary) {
        Manifest manifest = outcome.manifest();
        finished(manifest.stage(), summary.apply(manifest), manifest.seconds(), outcome.reused());
    }

    /** Reports a finished stage. */
    void finished(String stage, String what, double seconds, boolean reused) {
        time(stage, reused ? 0 : seconds);
        listener.onStage(stage, what, seconds, reused);
    }

    /** Records how long a stage took. */
    void time(String stage, double seconds) {
        timings.put(stage, Math.round(seconds * 1000) / 1000.0);
    }

    /** Seconds by stage, in the order in which they ran. */
    Map<String, Object> timings() {
        return new LinkedHashMap<>(timings);
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
            spark.sparkContext().removeSparkListener(tasks);
            stopSpark();
        }
    }

    private void stopSpark() {
        if (isOwnSpark) {
            spark.stop();
        }
    }
}
