package io.deepfm.report.section;

import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.html.Page;
import java.util.List;
import java.util.Map;

/** The report of one run. */
public final class RunReport {

    private RunReport() {}

    /**
     * Lays it out.
     *
     * @param run what is known of the run
     * @return the page, of which a part without content is left out
     */
    public static Page of(RunFacts run) {
        return new Page(
                run.model() + " on " + dataset(run),
                "Run " + run.results().runId() + ", evaluated " + run.results().timestamp(),
                List.of(
                        new Verdict(run),
                        new TrainingCurves(run),
                        new RankCurves(run),
                        new RankHistogram(run),
                        new LabelCurves(run),
                        new SliceMetrics(run),
                        new BeyondAccuracy(run),
                        new ExampleUsers(run),
                        new FieldsThatMatter(run),
                        new DataMap(run),
                        new StageTimes(run),
                        new Configuration(run)));
    }

    private static Object dataset(RunFacts run) {
        return run.results().config().get("data") instanceof Map<?, ?> data ? data.get("dataset_name") : "";
    }
}
