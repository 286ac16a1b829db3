package io.deepfm.report.section;

import static j2html.TagCreator.div;
import static j2html.TagCreator.p;

import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.html.Numbers;
import io.deepfm.report.html.Plot;
import io.deepfm.report.html.Plot.Series;
import io.deepfm.report.html.Section;
import io.deepfm.report.statistics.HeldOutRow;
import io.deepfm.report.statistics.Reliability;
import io.deepfm.report.statistics.RocCurve;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** How well the held-out rows' labels are predicted: told apart, and with probabilities that come true. */
record LabelCurves(RunFacts run) implements Section {

    private static final int POINTS = 100;
    private static final int BINS = 20;

    @Override
    public String title() {
        return "Labels of the held-out rows";
    }

    @Override
    public List<DomContent> content() {
        List<HeldOutRow> rows = run.heldOut().rows();
        RocCurve curve = RocCurve.of(rows);
        if (!curve.hasBothClasses()) {
            return List.of();
        }
        Reliability reliability = Reliability.of(rows);
        return List.of(
                p(String.format(
                        Locale.ROOT,
                        "Over %s held-out rows of test, sampled negatives left out. Of them %s have label 1.",
                        Numbers.count(rows.size()),
                        Numbers.percent(share(rows)))),
                div(roc(curve), precisionRecall(curve, share(rows)), reliability(reliability), histogram(rows))
                        .withClass("plots"));
    }

    private static double share(List<HeldOutRow> rows) {
        return rows.stream().mapToInt(HeldOutRow::label).average().orElse(Double.NaN);
    }

    private static DomContent roc(RocCurve curve) {
        double[] x = IntStream.rangeClosed(0, POINTS)
                .mapToDouble(i -> i / (double) POINTS)
                .toArray();
        return Plot.lines(
                "ROC curve",
                String.format(
                        Locale.ROOT,
                        "The area under the curve is %.4f; without any knowledge it is 0.5, along the diagonal.",
                        curve.area()),
                "false positive rate",
                "true positive rate",
                x,
                List.of(
                        new Series(
                                "model",
                                IntStream.range(0, x.length)
                                        .mapToDouble(i -> curve.truePositiveRate(x[i]))
                                        .toArray()),
                        new Series("chance", x)),
                Optional.empty());
    }

    private static DomContent precisionRecall(RocCurve curve, double share) {
        double[] x = IntStream.rangeClosed(1, POINTS)
                .mapToDouble(i -> i / (double) POINTS)
                .toArray();
        return Plot.lines(
                "Precision and recall",
                String.format(
                        Locale.ROOT,
                        "The average precision is %.4f; without any knowledge it is the share of label 1, %.4f.",
                        curve.averagePrecision(),
                        share),
                "recall",
                "precision",
                x,
                List.of(
                        new Series(
                                "model",
                                IntStream.range(0, x.length)
                                        .mapToDouble(i -> curve.precision(x[i]))
                                        .toArray()),
                        new Series(
                                "chance",
                                IntStream.range(0, x.length)
                                        .mapToDouble(i -> share)
                                        .toArray())),
                Optional.empty());
    }

    private static DomContent reliability(Reliability reliability) {
        double[] x = reliability.bins().stream()
                .mapToDouble(Reliability.Bin::predicted)
                .toArray();
        return Plot.lines(
                "Reliability",
                String.format(
                        Locale.ROOT,
                        "Rows in ten bins by their predicted probability. On the diagonal probabilities come true; below it they"
                                + " are too high. The expected calibration error is %.4f.",
                        reliability.error()),
                "mean predicted probability",
                "share of label 1",
                x,
                List.of(
                        new Series(
                                "model",
                                reliability.bins().stream()
                                        .mapToDouble(Reliability.Bin::observed)
                                        .toArray()),
                        new Series("calibrated", x),
                        new Series(
                                "share of rows",
                                reliability.bins().stream()
                                        .mapToDouble(bin -> bin.rows()
                                                / (double) reliability.bins().stream()
                                                        .mapToLong(Reliability.Bin::rows)
                                                        .sum())
                                        .toArray())),
                Optional.empty());
    }

    private static DomContent histogram(List<HeldOutRow> rows) {
        double[] middles =
                IntStream.range(0, BINS).mapToDouble(bin -> (bin + 0.5) / BINS).toArray();
        return Plot.lines(
                "Predicted probabilities by label",
                "The share of each label's rows in twenty bins of equal width. The less the two overlap, the better.",
                "predicted probability",
                "share of rows",
                middles,
                List.of(new Series("label 1", shares(rows, 1)), new Series("label 0", shares(rows, 0))),
                Optional.empty());
    }

    /** The share of a label's rows in each bin. */
    static double[] shares(List<HeldOutRow> rows, int label) {
        double[] counts = new double[BINS];
        double all = 0;
        for (HeldOutRow row : rows) {
            if (row.label() == label) {
                counts[(int) Math.min(row.probability() * BINS, BINS - 1)]++;
                all++;
            }
        }
        for (int bin = 0; bin < BINS; bin++) {
            counts[bin] /= all;
        }
        return counts;
    }
}
