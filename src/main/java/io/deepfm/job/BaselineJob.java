package io.deepfm.job;

import io.deepfm.baseline.Baseline;
import io.deepfm.baseline.BaselineRun;
import io.deepfm.baseline.BaselineStage;
import io.deepfm.baseline.label.LabelBaseline;
import io.deepfm.baseline.label.LabelBaselineRun;
import io.deepfm.config.EvaluationConfig;
import io.deepfm.config.Extension;
import io.deepfm.config.Registry;
import io.deepfm.pipeline.Stage;
import io.deepfm.report.BaselineResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Held-out rows and their candidate lists to the metrics of the baselines that the settings name. */
public final class BaselineJob {

    private final Session session;

    public BaselineJob(Session session) {
        this.session = session;
    }

    /**
     * Computes what is missing.
     *
     * @return each baseline's metrics by its name
     */
    public Map<String, BaselineResult> measure() {
        boolean isRanking = session.dataset().hasUsersAndItems();
        Stage.Computation<BaselineStage> computation = isRanking
                ? new BaselineRun(session.spark(), session.work(), session.config())::run
                : new LabelBaselineRun(session.spark(), session.work(), session.config())::run;
        EvaluationConfig wanted = session.config().evaluation();
        List<BaselineStage> stages = isRanking
                ? stages(wanted.baselines(), Baseline.registry(), computation)
                : stages(wanted.labelBaselines(), LabelBaseline.registry(), computation);
        if (!stages.isEmpty()) {
            session.stages().runAsOne("baselines", session.work(), stages, computation, names(stages));
        }
        Map<String, BaselineResult> results = new LinkedHashMap<>();
        stages.forEach(stage -> results.put(stage.baseline(), stage.result()));
        return results;
    }

    private <T extends Extension<?>> List<BaselineStage> stages(
            List<String> names, Registry<T> registry, Stage.Computation<BaselineStage> computation) {
        return names.stream()
                .map(registry::get)
                .distinct()
                .map(baseline -> new BaselineStage(session.work(), session.config(), baseline, computation))
                .toList();
    }

    private static String names(List<BaselineStage> stages) {
        return String.join(", ", stages.stream().map(BaselineStage::baseline).toList());
    }
}
