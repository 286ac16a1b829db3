package io.deepfm.report;

import io.deepfm.metrics.CandidateMetrics;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Metrics as lines of text: one row per model, one column per metric. There are more than a line of a terminal holds, so they come
 * as two tables; Precision@K and Recall@K, which are HR@K / K and HR@K, are in {@code results.json} alone.
 */
public final class MetricsTable {

    private static final Set<String> SECOND =
            Set.of("pr_auc_heldout", "brier_heldout", "ece_heldout", "MAP", "Coverage");
    private static final Set<String> NOT_SHOWN =
            Set.of("Precision", "Recall", CandidateMetrics.USERS_RANKED, CandidateMetrics.LISTS_RANKED);

    private MetricsTable() {}

    /**
     * The columns of both tables.
     *
     * @param names all names, such as {@code HR@10}
     * @return those of the first table, then those of the second; a table without any is left out
     */
    public static List<List<String>> columns(Collection<String> names) {
        Map<Boolean, List<String>> shown = names.stream()
                .filter(name -> !NOT_SHOWN.contains(metric(name)))
                .collect(Collectors.partitioningBy(name -> SECOND.contains(metric(name))));
        return Stream.of(shown.get(false), shown.get(true))
                .filter(columns -> !columns.isEmpty())
                .toList();
    }

    private static String metric(String name) {
        return name.split("@", 2)[0];
    }

    /**
     * Lays out both tables.
     *
     * @param rows metrics by the name of what was measured
     * @return lines of equal columns, the header first, an empty line between the tables
     */
    public static List<String> of(Map<String, Map<String, Double>> rows) {
        List<String> lines = new ArrayList<>();
        for (List<String> names : columns(rows.values().iterator().next().keySet())) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.addAll(table(rows, names));
        }
        return lines;
    }

    private static List<String> table(Map<String, Map<String, Double>> rows, List<String> names) {
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
