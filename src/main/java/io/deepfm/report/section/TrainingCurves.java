package io.deepfm.report.section;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.html.Numbers;
import io.deepfm.report.html.Plot;
import io.deepfm.report.html.Plot.Marker;
import io.deepfm.report.html.Plot.Series;
import io.deepfm.report.html.Section;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Loss, monitored metric and learning rate by epoch. */
record TrainingCurves(RunFacts run) implements Section {

    @Override
    public String title() {
        return "Training";
    }

    @Override
    public List<DomContent> content() {
        if (run.epochs().isEmpty()) {
            return List.of();
        }
        Optional<Marker> best = Optional.ofNullable(run.results().trainingInfo().bestEpoch())
                .map(epoch -> new Marker(epoch, "best epoch " + epoch));
        List<DomContent> plots = new ArrayList<>();
        plots.add(plot("Training loss", "The mean loss of an epoch's rows.", "loss", "train_loss", best));
        for (String metric : metrics()) {
            plots.add(plot(
                    "Validation " + metric,
                    "Its value on the validation split after each epoch.",
                    metric,
                    "val_" + metric,
                    best));
        }
        plots.add(plot("Learning rate", "The learning rate of each epoch.", "rate", "learning_rate", best));
        return List.of(p(words()), div().withClass("plots").with(plots));
    }

    /** The monitored metric, and the log loss of the label, where overfitting is seen first. */
    private List<String> metrics() {
        List<String> metrics = new ArrayList<>();
        if (run.results().config().get("training") instanceof Map<?, ?> training
                && run.epochs().get(0).containsKey("val_" + training.get("metric"))) {
            metrics.add(String.valueOf(training.get("metric")));
        }
        for (String other : List.of("auc", "logloss_heldout", "NDCG@10")) {
            if (!metrics.contains(other) && run.epochs().get(0).containsKey("val_" + other)) {
                metrics.add(other);
            }
        }
        return metrics;
    }

    private String words() {
        Integer best = run.results().trainingInfo().bestEpoch();
        Long weights = run.results().trainingInfo().parameters();
        return String.format(
                Locale.ROOT,
                "%d epochs%s%s. The best epoch's weights were kept: all other sections are about them.",
                run.epochs().size(),
                weights == null ? "" : " of a model with " + Numbers.count(weights) + " weights",
                best == null ? "" : ", of which epoch " + best + " is the best on validation");
    }

    private DomContent plot(String title, String about, String what, String column, Optional<Marker> best) {
        double[] epochs = values("epoch");
        return Plot.lines(title, about, "epoch", what, epochs, List.of(new Series(what, values(column))), best);
    }

    private double[] values(String column) {
        return run.epochs().stream()
                .mapToDouble(epoch -> epoch.getOrDefault(column, Double.NaN))
                .toArray();
    }
}
