package io.deepfm.scoring;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.deepfm.inference.EngineSettings;
import java.io.Serializable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that the tasks of an executor share: it travels there once, as a broadcast, and is loaded once per JVM, where
 * one operation uses as many threads as a task has cores. A model that is used later takes its place.
 *
 * @param <T> what scores with the model
 */
final class ExecutorModel<T> implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(ExecutorModel.class);

    /**
     * What travels to the executors.
     *
     * @param <T> what is made of it there
     */
    interface Source<T> extends Serializable {
        /** Loads the model; what it needs lives as long as the manager. */
        T load(NDManager manager);
    }

    /**
     * The only state that belongs to a JVM as a whole: Spark offers tasks no other place to keep what must be loaded
     * once.
     */
    private static String loadedKey;

    private static Object loaded;

    private final String key;
    private final int threads;
    private final Broadcast<? extends Source<T>> source;

    private ExecutorModel(String key, int threads, Broadcast<? extends Source<T>> source) {
        this.key = key;
        this.threads = threads;
        this.source = source;
    }

    /** Sends a model to the executors. */
    static <T, S extends Source<T>> ExecutorModel<T> share(JavaSparkContext context, S source) {
        Broadcast<S> broadcast = context.broadcast(source);
        return new ExecutorModel<>(
                context.sc().applicationId() + "/" + broadcast.id(),
                context.getConf().getInt("spark.task.cpus", 1),
                broadcast);
    }

    /** What scores with the model, loaded now if it is not what is loaded. */
    @SuppressWarnings("unchecked")
    T get() {
        synchronized (ExecutorModel.class) {
            if (!key.equals(loadedKey)) {
                EngineSettings.start(threads);
                // The one before is not closed here: a task of an earlier job may still score with it. Its native
                // memory is freed when the garbage collector finds it.
                loaded = source.value().load(Engine.getInstance().newBaseManager(Device.cpu()));
                loadedKey = key;
                // In the executor's log, as nothing else tells what it runs with.
                LOG.info("Loaded the model {}; torch threads: {}", key, EngineSettings.threads());
            }
            return (T) loaded;
        }
    }
}
