package io.deepfm.comparison;

import io.deepfm.report.MetricsTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A comparison as lines of text. */
public final class ComparisonTable {

    private ComparisonTable() {}

    /**
     * Lays out the metrics, the settings that differ, and the differences to the first setup.
     *
     * @param comparison the runs
     * @param best how the best value of a metric is marked, such as in bold; it must not take more room
     * @return lines
     */
    public static List<String> of(Comparison comparison, UnaryOperator<String> best) {
        List<String> lines = new ArrayList<>();
        int width = comparison.setups().stream()
                .mapToInt(setup -> setup.name().length())
                .max()
                .orElse(0);
        metrics(comparison, width, best, lines);
        settings(comparison, width, lines);
        List<Setup> setups = comparison.setups();
        for (Setup setup : setups.subList(1, setups.size())) {
            differences(setup, setups.get(0), comparison.differences(setup), lines);
        }
        return lines;
    }

    private static void metrics(Comparison comparison, int width, UnaryOperator<String> best, List<String> lines) {
        for (List<String> names :
                MetricsTable.columns(comparison.setups().get(0).metrics().keySet())) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            metrics(comparison, names, width, best, lines);
        }
    }

    private static void metrics(
            Comparison comparison, List<String> names, int width, UnaryOperator<String> best, List<String> lines) {
        StringBuilder header = new StringBuilder(" ".repeat(width) + "  runs");
        names.forEach(name -> header.append(String.format(Locale.ROOT, "  %15s", name)));
        lines.add(header.toString());
        for (Setup setup : comparison.setups()) {
            StringBuilder line = new StringBuilder(String.format(
                    Locale.ROOT,
                    "%-" + width + "s  %4d",
                    setup.name(),
                    setup.runs().size()));
            for (String name : names) {
                String value =
                        String.format(Locale.ROOT, "%15s", text(setup.metrics().get(name)));
                line.append("  ").append(comparison.isBest(setup, name) ? best.apply(value) : value);
            }
            lines.add(line.toString());
        }
    }

    static String text(Setup.Spread spread) {
        if (spread == null || Double.isNaN(spread.mean())) {
            return "-";
        }
        return Double.isNaN(spread.deviation())
                ? String.format(Locale.ROOT, "%.4f", spread.mean())
                : String.format(Locale.ROOT, "%.4f ± %.4f", spread.mean(), spread.deviation());
    }

    private static void settings(Comparison comparison, int width, List<String> lines) {
        comparison.differingSettings().forEach((key, values) -> {
            lines.add("");
            lines.add(key);
            for (int i = 0; i < values.size(); i++) {
                String name = comparison.setups().get(i).name();
                lines.add("  " + name + " ".repeat(width - name.length()) + "  "
                        + (values.get(i) == null ? "not set" : values.get(i)));
            }
        });
    }

    private static void differences(
            Setup setup, Setup first, Map<String, PairedDifference> differences, List<String> lines) {
        if (differences.isEmpty()) {
            return;
        }
        lines.add("");
        int users = differences.values().iterator().next().users();
        lines.add(String.format(
                Locale.ROOT,
                "%s minus %s, mean over %,d users: 95 %% interval, probability by chance",
                setup.name(),
                first.name(),
                users));
        differences.forEach((metric, difference) -> lines.add(String.format(
                        Locale.ROOT,
                        "  %-8s  %+.4f  [%+.4f, %+.4f]  %.4f  %s",
                        metric,
                        difference.mean(),
                        difference.low(),
                        difference.high(),
                        difference.probability(),
                        !difference.isSignificant() ? "" : difference.mean() > 0 ? "better" : "worse")
                .stripTrailing()));
    }
}
