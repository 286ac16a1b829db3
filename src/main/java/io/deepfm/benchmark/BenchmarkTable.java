package io.deepfm.benchmark;

import io.deepfm.benchmark.Summary.Spread;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** A benchmark's summary as lines of text: a table for each thing that was measured. */
public final class BenchmarkTable {

    private static final int NAME = 20;
    private static final int COLUMN = 10;

    private BenchmarkTable() {}

    /**
     * Lays out the tables.
     *
     * @param summary of all cases
     * @return lines
     */
    public static List<String> of(List<Summary> summary) {
        List<String> lines = new ArrayList<>();
        for (What what : What.values()) {
            List<Summary> cases =
                    summary.stream().filter(one -> one.what() == what).toList();
            if (!cases.isEmpty()) {
                lines.add("  " + what.title());
                lines.addAll(table(what, cases));
                lines.add("");
            }
        }
        return lines;
    }

    private static List<String> table(What what, List<Summary> cases) {
        boolean pytorch = cases.stream().anyMatch(one -> one.pytorch() != null);
        List<String> header = new ArrayList<>(List.of("median", "min", "max"));
        if (pytorch) {
            header.addAll(List.of("PyTorch", "min", "max", "ratio"));
        }
        switch (what) {
            case VOCABULARY -> header.add("of first");
            case SAMPLING -> header.addAll(List.of("s/1e6", "CPU s/1e6"));
            default -> header.add("CPU s/1e6");
        }
        List<String> lines = new ArrayList<>(List.of(line("", header)));
        for (Summary one : cases) {
            List<String> values = new ArrayList<>(rates(one.ours()));
            if (pytorch) {
                values.addAll(one.pytorch() == null ? List.of("-", "-", "-", "-") : rates(one.pytorch()));
                if (one.pytorch() != null) {
                    values.add(number("%.2f", one.ratio()));
                }
            }
            switch (what) {
                case VOCABULARY -> values.add(number("%.2f", one.ofFirst()));
                case SAMPLING ->
                    values.addAll(List.of(
                            number("%.2f", one.ours().secondsPerMillion()),
                            number("%.2f", one.ours().cpuSecondsPerMillion())));
                default -> values.add(number("%.2f", one.ours().cpuSecondsPerMillion()));
            }
            lines.add(line(name(one), values));
        }
        return lines;
    }

    private static String name(Summary one) {
        return one.hashBuckets() != null
                ? number("%,d buckets", one.hashBuckets())
                : one.model() == null ? "Spark" : one.model();
    }

    private static List<String> rates(Spread spread) {
        return Stream.of(spread.median(), spread.min(), spread.max())
                .map(rate -> number("%,.0f", rate))
                .toList();
    }

    private static String number(String form, Number value) {
        return String.format(Locale.ROOT, form, value);
    }

    private static String line(String name, List<String> values) {
        StringBuilder line = new StringBuilder(String.format("    %-" + NAME + "s", name));
        values.forEach(value -> line.append(String.format("  %" + COLUMN + "s", value)));
        return line.toString().stripTrailing();
    }
}
