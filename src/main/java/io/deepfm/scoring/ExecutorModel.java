package io.deepfm.scoring;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.deepfm.model.CandidateScorer;
import io.deepfm.model.EngineSettings;
import io.deepfm.model.FeatureTable;
import io.deepfm.model.SavedModel;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.storage.Storage;
import io.deepfm.storage.Tables;
import java.io.Serializable;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;

/**
 * The one model that an executor has loaded. All its tasks share it; a model under another key takes its place.
 *
 * <p>It is the only state that belongs to a JVM as a whole: Spark offers tasks no other place to keep what must be
 * loaded once.
 */
final class ExecutorModel {

    /**
     * What travels to the executors.
     *
     * @param model architecture and weights
     * @param users the users' encoded features
     * @param items the items' encoded features
     * @param batchSize the most items per forward pass
     * @param threads the threads of one operation: a task's cores
     */
    record Content(SavedModel model, FeatureTable users, FeatureTable items, int batchSize, int threads)
            implements Serializable {}

    /**
     * A model that executors can load: what a task holds of it.
     *
     * @param key tells models apart
     * @param content the broadcast model
     * @param schema the model's fields
     * @param batchSize the most rows per forward pass
     */
    record Shared(String key, Broadcast<Content> content, DatasetSchema schema, int batchSize) implements Serializable {
        /** The scorer of this executor. */
        CandidateScorer scorer() {
            return ExecutorModel.scorer(key, content::value);
        }
    }

    private static ExecutorModel loaded;

    private final String key;
    private final CandidateScorer scorer;

    private ExecutorModel(String key, CandidateScorer scorer) {
        this.key = key;
        this.scorer = scorer;
    }

    /** Reads a stored model with its encoded tables, once, and lets it travel to the executors. */
    static Shared share(SparkSession spark, Path folder, int batchSize) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Storage storage = new Storage(context.hadoopConfiguration());
        SavedModel model = SavedModel.read(storage, folder);
        DatasetSchema schema = model.schema();
        Broadcast<Content> content = context.broadcast(new Content(
                model,
                FeatureTable.read(storage, new Path(folder, Tables.USERS), Tables.USER_ROW, schema, FieldGroup.USER),
                FeatureTable.read(storage, new Path(folder, Tables.ITEMS), Tables.ITEM_ROW, schema, FieldGroup.ITEM),
                batchSize,
                context.getConf().getInt("spark.task.cpus", 1)));
        return new Shared(context.sc().applicationId() + "/" + content.id(), content, schema, batchSize);
    }

    /** The scorer of the model under a key, loaded now if it is not the one that is loaded. */
    static synchronized CandidateScorer scorer(String key, Supplier<Content> content) {
        if (loaded == null || !loaded.key.equals(key)) {
            // The one before is not closed here: a task of an earlier job may still score with it. Its native memory
            // is freed when the garbage collector finds it.
            loaded = new ExecutorModel(key, load(content.get()));
        }
        return loaded.scorer;
    }

    private static CandidateScorer load(Content content) {
        EngineSettings.start(content.threads());
        NDManager manager = Engine.getInstance().newBaseManager(Device.cpu());
        return new CandidateScorer(
                manager, content.model().load(manager), content.users(), content.items(), content.batchSize());
    }
}
