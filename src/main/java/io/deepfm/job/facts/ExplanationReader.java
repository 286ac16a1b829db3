package io.deepfm.job.facts;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.explanation.Interactions;
import io.deepfm.explanation.ModelExplanation;
import io.deepfm.inference.EngineSettings;
import io.deepfm.inference.FeatureTable;
import io.deepfm.metrics.MonitoredMetric;
import io.deepfm.model.CtrModel;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import io.deepfm.training.validation.ListSample;
import io.deepfm.training.validation.PermutationImportance;
import org.apache.hadoop.fs.Path;

/**
 * Finds out what matters to a model on validation's candidate lists, in this process.
 *
 * @param storage the file systems
 * @param config the metrics' settings
 * @param lists validation's candidate lists
 */
public record ExplanationReader(Storage storage, ExperimentConfig config, Path lists) {

    private static final int REPORT_REPEATS = 3;
    private static final int REPORT_LIST = 100;
    private static final int REPORT_CANDIDATES = 20_000;

    /** Candidates of all repeats of all fields. */
    private static final int REPORT_SCORES = 400_000;

    /** Candidates at a time whose vectors are taken apart. */
    private static final int ROWS = 8192;

    /**
     * What the report shows of it: over few candidates, so that it takes little time.
     *
     * @param modelFolder the model with its encoded tables
     * @return what matters
     */
    public ModelExplanation forReport(Path modelFolder) {
        int fields = SavedModel.read(storage, modelFolder).schema().fields().size();
        long candidates = Math.min(REPORT_CANDIDATES, REPORT_SCORES / (fields * REPORT_REPEATS));
        return of(modelFolder, new ListSample.Bounds(candidates, REPORT_LIST), REPORT_REPEATS);
    }

    /**
     * Finds it out.
     *
     * @param modelFolder the model with its encoded tables
     * @param bounds over how many lists
     * @param repeats how often each field is shuffled
     * @return what matters
     */
    public ModelExplanation of(Path modelFolder, ListSample.Bounds bounds, int repeats) {
        // Passes run side by side.
        EngineSettings.start(1);
        SavedModel saved = SavedModel.read(storage, modelFolder);
        DatasetSchema schema = saved.schema();
        ListSample sample = ListSample.read(
                config,
                storage,
                lists,
                schema,
                FeatureTable.read(storage, new Path(modelFolder, Tables.USERS), schema, FieldGroup.USER),
                FeatureTable.read(storage, new Path(modelFolder, Tables.ITEMS), schema, FieldGroup.ITEM),
                bounds);
        MonitoredMetric metric = MonitoredMetric.of(config);
        PermutationImportance importance =
                new PermutationImportance(sample, metric, config.evaluation().batchSize(), config.seed());
        try (NDManager manager = Engine.getInstance().newBaseManager(Device.cpu())) {
            CtrModel model = saved.load(manager);
            double value = importance.value(model, manager);
            return new ModelExplanation(
                    metric.name(),
                    value,
                    sample.lists(),
                    sample.allLists(),
                    sample.candidates(),
                    importance.of(model, manager, value, repeats),
                    Interactions.of(model, sample.rows(ROWS)));
        }
    }
}
