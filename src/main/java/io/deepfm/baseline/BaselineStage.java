package io.deepfm.baseline;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.Extension;
import io.deepfm.metrics.Metric;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.report.BaselineResult;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * A baseline's metrics over the held-out rows and their candidate lists, which all runs over a dataset share. Each baseline is a stage of its own, so
 * that runs may name other ones; those that are missing are computed together.
 */
public final class BaselineStage implements Stage {

    private static final String FOLDER = "baselines";

    private final WorkDirectory work;
    private final ExperimentConfig config;
    private final Extension<?> baseline;
    private final Stage.Computation<BaselineStage> computation;

    /**
     * @param work holds the split and the candidate lists
     * @param config the baseline's settings and those of the metrics
     * @param baseline what is measured
     * @param computation fits and measures baselines of its kind
     */
    public BaselineStage(
            WorkDirectory work,
            ExperimentConfig config,
            Extension<?> baseline,
            Stage.Computation<BaselineStage> computation) {
        this.work = work;
        this.config = config;
        this.baseline = baseline;
        this.computation = computation;
    }

    /**
     * The baseline's name.
     *
     * @return such as {@code ease}
     */
    public String baseline() {
        return baseline.name();
    }

    @Override
    public String name() {
        return "baseline-" + baseline();
    }

    @Override
    public List<String> outputs() {
        return List.of(FOLDER + "/" + baseline() + ".json");
    }

    @Override
    public Map<String, String> inputs() {
        return Map.of(
                "split", work.require("split", "split").fingerprint(),
                "candidates", work.require("candidates", "sample").fingerprint());
    }

    @Override
    public Fingerprint settings() {
        ExperimentConfig settings = config.withoutBaselines();
        Fingerprint fingerprint = new Fingerprint()
                .add("settings", settings.settings(baseline.settings()))
                .add("history", settings.evaluation().history())
                .add("ranking_positives", settings.evaluation().rankingPositives())
                .addExtension(baseline.getClass());
        for (Metric<?> metric : Metric.registry().all()) {
            fingerprint.add(metric.name(), settings.settings(metric.settings())).addExtension(metric.getClass());
        }
        return fingerprint;
    }

    @Override
    public Map<String, Long> run(Path target) {
        return computation.run(List.of(this), target).get(0);
    }

    /**
     * What the stage wrote.
     *
     * @return the baseline's metrics
     */
    public BaselineResult result() {
        return BaselineResult.read(work.storage(), work.path(outputs().get(0)));
    }
}
