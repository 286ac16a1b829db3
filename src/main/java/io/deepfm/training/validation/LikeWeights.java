package io.deepfm.training.validation;

import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.metrics.MonitoredMetric;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.FieldGroup;
import java.util.Map;

/**
 * Chooses what liking weighs in the ranking of a model with two heads: of a few weights the one with the best monitored metric on
 * validation.
 *
 * @param validation the lists
 * @param metric the monitored metric
 * @param tables the users' and items' encoded features
 * @param batchSize the candidates of a forward pass
 */
public record LikeWeights(
        Validation validation, MonitoredMetric metric, Map<FieldGroup, FeatureTable> tables, int batchSize) {

    private static final double[] WEIGHTS = {0.25, 0.5, 1, 2, 4};

    /**
     * The model with its weight of liking.
     *
     * @param model a trained model
     * @param manager of the device
     * @return the same, where it has one head or its weight is given
     */
    public SavedModel chosen(SavedModel model, NDManager manager) {
        ModelConfig config = model.config();
        if (config.heads().count() == 1 || config.heads().weight().isPresent()) {
            return model;
        }
        SavedModel best = null;
        double bestValue = Double.NaN;
        for (double weight : WEIGHTS) {
            SavedModel candidate = model.withConfig(config.withLikeWeight(weight));
            double value = value(candidate, manager);
            if (best == null || metric.improves(value, bestValue)) {
                best = candidate;
                bestValue = value;
            }
        }
        return best;
    }

    private double value(SavedModel model, NDManager manager) {
        try (NDManager scratch = manager.newSubManager();
                Scorer scorer = new Scorer(scratch, model.load(scratch), tables, batchSize)) {
            return metric.of(validation.metrics(scorer));
        }
    }
}
