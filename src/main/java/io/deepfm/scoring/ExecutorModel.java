package io.deepfm.scoring;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.deepfm.model.CandidateScorer;
import io.deepfm.model.EngineSettings;
import io.deepfm.model.FeatureTable;
import io.deepfm.model.SavedModel;
import java.io.Serializable;
import java.util.function.Supplier;

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

    private static ExecutorModel loaded;

    private final String key;
    private final CandidateScorer scorer;

    private ExecutorModel(String key, CandidateScorer scorer) {
        this.key = key;
        this.scorer = scorer;
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
