package io.deepfm.report.section;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.facts.StageFacts;
import io.deepfm.report.html.Numbers;
import io.deepfm.report.html.Plot;
import io.deepfm.report.html.Plot.Bar;
import io.deepfm.report.html.Section;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Where the time went. */
record StageTimes(RunFacts run) implements Section {

    /** For each stage the count that its throughput is told in. */
    private static final Map<String, String> WORK = Map.of(
            "ingest", "interactions",
            "split", "train",
            "encode", "train",
            "score", "candidates");

    @Override
    public String title() {
        return "Time";
    }

    @Override
    public List<DomContent> content() {
        List<Bar> bars = new ArrayList<>();
        run.stages()
                .forEach(stage -> bars.add(new Bar(
                        stage.name(),
                        Math.round(stage.seconds() * 100) / 100.0,
                        Optional.empty(),
                        List.of(throughput(stage), now(stage)))));
        List<DomContent> content = new ArrayList<>();
        training().ifPresent(words -> content.add(p(words)));
        content.add(div(Plot.bars(
                        "Seconds by stage",
                        "How long each stage took when it last ran, in this run or an earlier one whose output was up to date.",
                        "Stage",
                        "seconds",
                        List.of("throughput", "seconds in this run"),
                        bars))
                .withClass("plots"));
        return content;
    }

    private static String throughput(StageFacts stage) {
        String work = WORK.get(stage.name());
        Long rows = work == null ? null : stage.rows().get(work);
        return rows == null || stage.seconds() == 0
                ? Numbers.NONE
                : String.format(Locale.ROOT, "%,.0f %s per second", rows / stage.seconds(), label(work));
    }

    private static String label(String work) {
        return work.equals("train") ? "training rows" : work;
    }

    private String now(StageFacts stage) {
        return run.results().timings().get(stage.name()) instanceof Number seconds
                ? Numbers.plain(seconds.doubleValue())
                : Numbers.NONE;
    }

    private Optional<String> training() {
        Double speed = run.results().trainingInfo().samplesPerSecond();
        Double wait = run.results().trainingInfo().waitShare();
        return speed == null || wait == null
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "Training ran at %,.0f samples per second on %s and waited for data %s of the time.",
                        speed,
                        run.results().trainingInfo().device(),
                        Numbers.percent(wait)));
    }
}
