package io.deepfm.scoring.task;

import io.deepfm.inference.EngineSettings;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.FieldGroup;
import java.io.Serializable;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.TaskCompletionListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A scorer that the tasks of an executor share: model and tables travel there once, as a broadcast, and are loaded once
 * per JVM, where one operation uses as many threads as a task has cores. A scorer that is used later takes its place,
 * and its native memory is freed when the last task that uses it ends.
 */
public final class ExecutorScorer implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorScorer.class);

    /**
     * The only state that belongs to a JVM as a whole: Spark offers tasks no other place to keep what must be loaded
     * once.
     */
    private static final Leases<Scorer> SCORERS = new Leases<>();

    /** What travels to the executors. */
    private record Source(SavedModel model, Map<FieldGroup, FeatureTable> tables, int batchSize)
            implements Serializable {}

    private final String key;
    private final int threads;
    private final Broadcast<Source> source;

    private ExecutorScorer(String key, int threads, Broadcast<Source> source) {
        this.key = key;
        this.threads = threads;
        this.source = source;
    }

    /**
     * Sends a model to the executors.
     *
     * @param spark the session
     * @param model architecture and weights
     * @param tables the users' and items' encoded features, where batches name them by index
     * @param batchSize the most candidates per forward pass
     * @return for the closures of tasks
     */
    public static ExecutorScorer share(
            SparkSession spark, SavedModel model, Map<FieldGroup, FeatureTable> tables, int batchSize) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<Source> broadcast = context.broadcast(new Source(model, tables, batchSize));
        return new ExecutorScorer(
                context.sc().applicationId() + "/" + broadcast.id(),
                context.getConf().getInt("spark.task.cpus", 1),
                broadcast);
    }

    /**
     * The scorer, for the task that asks, until it ends; loaded now if it is not.
     *
     * @return shared with the other tasks of this JVM
     */
    public Scorer forTask() {
        Leases<Scorer>.Lease lease = SCORERS.take(key, this::load);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) ended -> lease.close());
        return lease.get();
    }

    /**
     * The encoded features that batches name by index.
     *
     * @param group one of those that were sent
     * @return the table
     */
    public FeatureTable table(FieldGroup group) {
        return source.value().tables().get(group);
    }

    private Scorer load() {
        EngineSettings.start(threads);
        Scorer scorer = Scorer.load(
                source.value().model(), source.value().tables(), source.value().batchSize());
        // In the executor's log, as nothing else tells what it runs with.
        LOG.info("Loaded the model {}; torch threads: {}", key, EngineSettings.threads());
        return scorer;
    }
}
