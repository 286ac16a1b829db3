package io.deepfm.report.facts;

import io.deepfm.explanation.ModelExplanation;
import io.deepfm.report.Results;
import io.deepfm.report.statistics.HeldOutMetrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the report shows of a run.
 *
 * @param results the content of {@code results.json}
 * @param defaults all settings as they are where a configuration says nothing
 * @param epochs the lines of {@code metrics.csv}: value by column; none where the model was trained elsewhere
 * @param stages the stages that led to the results, in order
 * @param heldOut the test split's held-out rows: all, or those of a sample of the users
 * @param heldOutRows how many held-out rows the test split has
 * @param fields the fields' values in these rows
 * @param catalogue the training interactions; nothing where nothing is ranked
 * @param examples some users
 * @param explanation what matters to the model
 */
public record RunFacts(
        Results results,
        Map<String, Object> defaults,
        List<Map<String, Double>> epochs,
        List<StageFacts> stages,
        HeldOutMetrics heldOut,
        long heldOutRows,
        List<FieldValues> fields,
        Optional<Catalogue> catalogue,
        List<ExampleUser> examples,
        Optional<ModelExplanation> explanation) {

    /**
     * The model's name.
     *
     * @return {@code model_name}
     */
    public String model() {
        return String.valueOf(results.config().get("model_name"));
    }

    /**
     * Whether candidates were ranked.
     *
     * @return false of a log without users and items
     */
    public boolean isRanking() {
        return results.testMetrics().keySet().stream().anyMatch(name -> name.startsWith("HR@"));
    }

    /**
     * Whether the rows are those of a sample.
     *
     * @return false where all are there
     */
    public boolean isSampled() {
        return heldOut.rows().size() < heldOutRows;
    }
}
