package io.deepfm.job;

import io.deepfm.baseline.Baseline;
import io.deepfm.baseline.BaselineRun;
import io.deepfm.baseline.BaselineStage;
import io.deepfm.report.BaselineResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Candidate lists to the metrics of the baselines that the settings name. */
public final class BaselineJob {

    private final Session session;

    public BaselineJob(Session session) {
        this.session = session;
    }

    /**
     * Computes what is missing.
     *
     * @return each baseline's metrics by its name; none for a dataset without users and items, where nothing is ranked
     */
    public Map<String, BaselineResult> measure() {
        List<BaselineStage> stages = stages();
        if (!stages.isEmpty()) {
            BaselineRun run = new BaselineRun(session.spark(), session.work(), session.config());
            session.runAsOne("baselines", session.work(), stages, run::run, names(stages));
        }
        Map<String, BaselineResult> results = new LinkedHashMap<>();
        stages.forEach(stage -> results.put(stage.baseline(), stage.result()));
        return results;
    }

    private List<BaselineStage> stages() {
        if (!session.dataset().hasUsersAndItems()) {
            return List.of();
        }
        return session.config().evaluation().baselines().stream()
                .map(name -> Baseline.registry().get(name))
                .distinct()
                .map(baseline -> new BaselineStage(session.spark(), session.work(), session.config(), baseline))
                .toList();
    }

    private static String names(List<BaselineStage> stages) {
        return String.join(", ", stages.stream().map(BaselineStage::baseline).toList());
    }
}
