package io.deepfm.report.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** Held-out rows in groups, by what they have in common. */
public final class Slices {

    /** Fewer rows tell nothing. */
    public static final int LEAST_ROWS = 20;

    /** So many groups are shown at most; the others are one. */
    public static final int MOST_SLICES = 12;

    private static final int PARTS = 5;

    private Slices() {}

    /**
     * Groups of about as many rows each, by a number; rows of one number are in one group.
     *
     * @param rows the rows
     * @param number what they are grouped by
     * @return rows by range, ascending; no range is empty
     */
    public static Map<String, List<HeldOutRow>> byNumber(List<HeldOutRow> rows, ToDoubleFunction<HeldOutRow> number) {
        double[] sorted = rows.stream().mapToDouble(number).sorted().toArray();
        double[] ends = IntStream.rangeClosed(1, PARTS)
                .mapToDouble(part -> sorted[Math.max(0, (int) Math.ceil(part * sorted.length / (double) PARTS) - 1)])
                .distinct()
                .toArray();
        Map<String, List<HeldOutRow>> slices = new LinkedHashMap<>();
        double above = Double.NEGATIVE_INFINITY;
        for (double end : ends) {
            double from = above;
            List<HeldOutRow> slice = rows.stream()
                    .filter(row -> number.applyAsDouble(row) > from && number.applyAsDouble(row) <= end)
                    .toList();
            double low = Arrays.stream(sorted)
                    .filter(value -> value > from)
                    .findFirst()
                    .orElse(end);
            slices.put(low == end ? text(end) : text(low) + "–" + text(end), slice);
            above = end;
        }
        return slices;
    }

    private static String text(double value) {
        return value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,.0f", value)
                : String.format(Locale.ROOT, "%.3g", value);
    }

    /**
     * Groups by value, the largest first: those of at least {@value #LEAST_ROWS} rows, at most {@value #MOST_SLICES}.
     *
     * @param rows the rows
     * @param values for each row its values; a row with several is in several groups
     * @param others what the rows in no other group are called
     * @return rows by value; nothing where no value has enough rows
     */
    public static Map<String, List<HeldOutRow>> byValue(
            List<HeldOutRow> rows, List<List<String>> values, String others) {
        Map<String, List<Integer>> byValue = new LinkedHashMap<>();
        for (int row = 0; row < rows.size(); row++) {
            for (String value : new LinkedHashSet<>(values.get(row))) {
                byValue.computeIfAbsent(value, one -> new ArrayList<>()).add(row);
            }
        }
        Map<String, List<HeldOutRow>> slices = new LinkedHashMap<>();
        Set<Integer> left =
                new LinkedHashSet<>(IntStream.range(0, rows.size()).boxed().toList());
        byValue.entrySet().stream()
                .filter(entry -> entry.getValue().size() >= LEAST_ROWS)
                .sorted(Comparator.comparing((Map.Entry<String, List<Integer>> entry) ->
                                -entry.getValue().size())
                        .thenComparing(Map.Entry::getKey))
                .limit(MOST_SLICES)
                .forEach(entry -> {
                    slices.put(
                            entry.getKey(),
                            entry.getValue().stream().map(rows::get).toList());
                    left.removeAll(new LinkedHashSet<>(entry.getValue()));
                });
        if (!slices.isEmpty() && left.size() >= LEAST_ROWS) {
            slices.put(others, left.stream().map(rows::get).toList());
        }
        return slices;
    }
}
