package io.deepfm.report.statistics;

import io.deepfm.metrics.LogLoss;
import io.deepfm.metrics.Ndcg;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Metrics of held-out rows with their intervals, under the names of {@code results.json}.
 *
 * @param rows the rows
 * @param isRanked which of them are ranked
 * @param hasUsers whether rows of one user belong together; else each row stands for itself
 */
public record HeldOutMetrics(List<HeldOutRow> rows, Predicate<HeldOutRow> isRanked, boolean hasUsers) {

    /**
     * A metric.
     *
     * @param value over the rows; NaN where it is not defined
     * @param interval nothing where it is not defined
     */
    public record Estimate(double value, Optional<Interval> interval) {}

    /** Copies the rows. */
    public HeldOutMetrics {
        rows = List.copyOf(rows);
    }

    /**
     * The metrics of some of the rows.
     *
     * @param some rows
     * @return their metrics
     */
    public HeldOutMetrics of(List<HeldOutRow> some) {
        return new HeldOutMetrics(some, isRanked, hasUsers);
    }

    /**
     * The rows that are ranked.
     *
     * @return some of the rows
     */
    public List<HeldOutRow> ranked() {
        return rows.stream().filter(isRanked).toList();
    }

    /**
     * Computes metrics.
     *
     * @param names such as {@code HR@10} or {@code auc_heldout}
     * @return by name those that are computed from single rows: HR@K, NDCG@K, MRR, MAP@K, gauc, auc_heldout,
     *     pr_auc_heldout, logloss_heldout, brier_heldout
     */
    public Map<String, Estimate> estimates(List<String> names) {
        int[] users = users();
        int count = 1;
        for (int user : users) {
            count = Math.max(count, user + 1);
        }
        Map<String, ToDoubleFunction<int[]>> metrics = new LinkedHashMap<>();
        names.forEach(name -> metric(name, users).ifPresent(metric -> metrics.put(name, metric)));
        List<Optional<Interval>> intervals = new Bootstrap(count).of(List.copyOf(metrics.values()));
        int[] once = new int[count];
        Arrays.fill(once, 1);
        Map<String, Estimate> estimates = new LinkedHashMap<>();
        int next = 0;
        for (Map.Entry<String, ToDoubleFunction<int[]>> metric : metrics.entrySet()) {
            estimates.put(metric.getKey(), new Estimate(metric.getValue().applyAsDouble(once), intervals.get(next++)));
        }
        return estimates;
    }

    /** For each row the number of its user, from 0. */
    private int[] users() {
        Map<Integer, Integer> numbers = new HashMap<>();
        int[] users = new int[rows.size()];
        for (int row = 0; row < users.length; row++) {
            users[row] = hasUsers ? numbers.computeIfAbsent(rows.get(row).user(), user -> numbers.size()) : row;
        }
        return users;
    }

    private Optional<ToDoubleFunction<int[]>> metric(String name, int[] users) {
        String[] parts = name.split("@", 2);
        int k = parts.length == 2 && parts[1].matches("\\d{1,9}") ? Integer.parseInt(parts[1]) : 0;
        return Optional.ofNullable(
                switch (parts[0]) {
                    case "HR" -> mean(users, isRanked, row -> row.rank() <= k ? 1 : 0);
                    case "NDCG" -> mean(users, isRanked, row -> Ndcg.gain(row.rank(), k));
                    case "MRR" -> mean(users, isRanked, row -> 1.0 / row.rank());
                    case "MAP" -> mean(users, isRanked, row -> row.rank() <= k ? 1.0 / row.rank() : 0);
                    case "gauc" -> mean(users, row -> row.label() == 1 && row.candidates() > 1, HeldOutRow::auc);
                    case "auc_heldout" -> areaUnder(users, RocCurve::area);
                    case "pr_auc_heldout" -> areaUnder(users, RocCurve::averagePrecision);
                    case "logloss_heldout" -> mean(users, row -> true, row -> LogLoss.of(row.likeLogit(), row.label()));
                    case "brier_heldout" ->
                        mean(users, row -> true, row -> Math.pow(row.probability() - row.label(), 2));
                    default -> null;
                });
    }

    private ToDoubleFunction<int[]> mean(
            int[] users, Predicate<HeldOutRow> counts, ToDoubleFunction<HeldOutRow> worth) {
        int[] counted = IntStream.range(0, rows.size())
                .filter(row -> counts.test(rows.get(row)))
                .toArray();
        double[] values = Arrays.stream(counted)
                .mapToDouble(row -> worth.applyAsDouble(rows.get(row)))
                .toArray();
        return drawn -> {
            double sum = 0;
            long all = 0;
            for (int i = 0; i < counted.length; i++) {
                int times = drawn[users[counted[i]]];
                sum += times * values[i];
                all += times;
            }
            return all == 0 ? Double.NaN : sum / all;
        };
    }

    private ToDoubleFunction<int[]> areaUnder(int[] users, ToDoubleFunction<RocCurve> area) {
        RocCurve.Order order = RocCurve.Order.of(rows);
        return drawn -> area.applyAsDouble(order.curve(row -> drawn[users[row]]));
    }
}
