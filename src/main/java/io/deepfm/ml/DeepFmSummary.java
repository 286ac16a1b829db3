package io.deepfm.ml;

import io.deepfm.model.io.SavedModel;
import io.deepfm.report.MetricsCsv;
import io.deepfm.report.Provenance;
import io.deepfm.report.Provenance.TrainingInfo;
import io.deepfm.report.Results;
import io.deepfm.report.RunDirectory;
import io.deepfm.storage.Storage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * How a model's training went.
 *
 * @param bestEpoch the epoch whose weights were kept, counted from 1
 * @param epochs for each epoch its values by name: {@code learning_rate}, {@code train_loss}, {@code val_auc}, ...,
 *     {@code train_seconds}, {@code samples_per_second}
 * @param parameters the number of trained weights
 * @param device what training ran on
 * @param featureImportances by feature, the most important first: what the monitored metric loses on validation where its values are
 *     shuffled; {@code explain.json} beside the model's folder has more
 */
public record DeepFmSummary(
        int bestEpoch,
        List<Map<String, Double>> epochs,
        long parameters,
        String device,
        Map<String, Double> featureImportances) {

    /**
     * The training loss of each epoch, as Spark ML's summaries have it.
     *
     * @return one number per epoch
     */
    public double[] objectiveHistory() {
        return epochs.stream().mapToDouble(epoch -> epoch.get("train_loss")).toArray();
    }

    /**
     * What the best epoch reached on the validation rows.
     *
     * @return values by metric, such as {@code auc}
     */
    public Map<String, Double> validationMetrics() {
        Map<String, Double> metrics = new LinkedHashMap<>();
        epochs.get(bestEpoch - 1).forEach((name, value) -> {
            if (name.startsWith("val_")) {
                metrics.put(name.substring("val_".length()), value);
            }
        });
        return metrics;
    }

    static boolean isThere(Storage storage, Path model) {
        return storage.exists(run(model).metricsCsv());
    }

    static DeepFmSummary read(Storage storage, Path model) {
        TrainingInfo info = Provenance.trainingInfo(storage, RunDirectory.provenance(model));
        return new DeepFmSummary(
                info.bestEpoch(),
                MetricsCsv.read(storage.readString(run(model).metricsCsv())),
                info.parameters(),
                info.device(),
                importances(storage, model));
    }

    /** Whether what matters to the very model is known. */
    static boolean isExplained(Storage storage, Path model) {
        return !importances(storage, model).isEmpty();
    }

    /** A run of the command line has them where {@code explain} ran, which may have been for another model. */
    private static Map<String, Double> importances(Storage storage, Path model) {
        Map<String, Double> lost = new LinkedHashMap<>();
        Path file = run(model).explanation();
        if (!storage.exists(file)) {
            return lost;
        }
        Map<String, Object> explanation = Results.parse(storage.readString(file), file.toString());
        if (SavedModel.read(storage, model).fingerprint().equals(explanation.get("model"))) {
            for (Object each : (List<?>) explanation.get("fields")) {
                Map<?, ?> field = (Map<?, ?>) each;
                Object value = field.get("lost");
                lost.put((String) field.get("field"), value == null ? Double.NaN : ((Number) value).doubleValue());
            }
        }
        return lost;
    }

    private static RunDirectory run(Path model) {
        return new RunDirectory(model.getParent());
    }
}
