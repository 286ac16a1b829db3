package io.deepfm.metrics;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The metrics of lists that are all in memory. */
public final class ListsInMemory {

    private ListsInMemory() {}

    /** Value by metric name, of a catalogue of 100 items. */
    public static Map<String, Double> metrics(List<CandidateList> lists, ExperimentConfig config) {
        return metrics(lists, config, 100);
    }

    /** Value by metric name. */
    public static Map<String, Double> metrics(List<CandidateList> lists, ExperimentConfig config, int catalogue) {
        float[] positives = new float[lists.size()];
        int count = 0;
        for (CandidateList list : lists) {
            if (list.label() == 1) {
                positives[count++] = list.heldOutLogit();
            }
        }
        Auc pooled = new Auc(Arrays.copyOf(positives, count));
        CandidateMetrics metrics = new CandidateMetrics(config, catalogue);
        lists.forEach(
                list -> metrics.add(Summary.of(list, pooled, config.evaluation().largestK())));
        return metrics.values();
    }
}
