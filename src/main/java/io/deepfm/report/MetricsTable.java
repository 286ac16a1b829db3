package io.deepfm.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Metrics as lines of text: one row per model, one column per metric. */
public final class MetricsTable {

    private MetricsTable() {}

    /**
     * Lays out a table.
     *
     * @param rows metrics by the name of what was measured
     * @return lines of equal columns, the header first
     */
    public static List<String> of(Map<String, Map<String, Double>> rows) {
        List<String> names = rows.values().iterator().next().keySet().stream()
                .filter(name -> !name.equals("users_ranked"))
                .toList();
        int first = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
        List<String> lines = new ArrayList<>();
        StringBuilder header = new StringBuilder(" ".repeat(first));
        names.forEach(name -> header.append("  ").append(padded(name, name)));
        lines.add(header.toString());
        rows.forEach((row, metrics) -> {
            StringBuilder line = new StringBuilder(row + " ".repeat(first - row.length()));
            names.forEach(name -> line.append("  ").append(padded(value(metrics.get(name)), name)));
            lines.add(line.toString());
        });
        return lines;
    }

    /** Right-aligned under its column's name. */
    private static String padded(String text, String name) {
        return " ".repeat(Math.max(0, Math.max(6, name.length()) - text.length())) + text;
    }

    private static String value(Double metric) {
        return metric == null || metric.isNaN() ? "-" : String.format(Locale.ROOT, "%.4f", metric);
    }
}
