package io.deepfm.baseline;

import io.deepfm.baseline.PairCounts.Strip;
import io.deepfm.baseline.matrix.SparseRows;
import io.deepfm.baseline.matrix.SparseRows.SparseRow;
import io.deepfm.config.Require;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;

/**
 * Item-to-item transitions, which know the order: a Markov chain over the w last items. T[a, b] is the number of times that b
 * is among the w interactions of a user after a, divided by the number of interactions with a; item b's score is the sum of
 * T[a, b] over the user's last w items a. (Rendle et al., Factorizing personalized Markov chains, WWW 2010, learns such
 * chains; this one counts.)
 */
public final class Transitions implements Baseline<Transitions.Settings> {

    /** The section {@code transitions}. */
    public record Settings(Config transitions) {}

    /**
     * What is tried.
     *
     * @param window w
     */
    public record Config(List<Integer> window) {

        /** Checks ranges. */
        public Config {
            Require.allAtLeast("window", window, 1);
        }
    }

    @Override
    public String name() {
        return "transitions";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Optional<String> refusal(BaselineData data, Settings settings) {
        return refusal(data, settings.transitions().window());
    }

    static Optional<String> refusal(BaselineData data, List<Integer> windows) {
        double most = Math.min(
                (double) data.numItems() * data.numItems(),
                (double) data.interactions()
                        * windows.stream().mapToInt(w -> w).max().orElseThrow());
        return data.refusal(ItemKnn.MOST_ITEMS, 2 * most * (Integer.BYTES + Float.BYTES));
    }

    @Override
    public Stream<Variant> variants(BaselineData data, Settings settings) {
        return settings.transitions().window().stream()
                .map(window -> new Variant(Map.of("window", window), () -> fit(data, window)));
    }

    /**
     * Counts transitions.
     *
     * @param data the training interactions
     * @param window w
     * @return the scores
     */
    static ItemScores fit(BaselineData data, int window) {
        JavaRDD<int[]> inOrder = data.users().map(KnownUser::items);
        int numItems = data.numItems();
        int[] interactions = new int[numItems];
        inOrder.flatMap(items -> IntStream.of(items).boxed().iterator())
                .countByValue()
                .forEach((item, count) -> interactions[item] = count.intValue());
        JavaRDD<SparseRow> rows = PairCounts.of(inOrder, numItems, window)
                .flatMap(strip -> IntStream.range(strip.from(), strip.to())
                        .filter(item -> interactions[item] > 0)
                        .mapToObj(item -> row(strip, item, interactions[item]))
                        .iterator());
        return new Scores(SparseRows.gather(rows, numItems), window);
    }

    private static SparseRow row(Strip strip, int item, int interactions) {
        int[] next = IntStream.range(0, strip.numItems())
                .filter(other -> strip.count(item, other) > 0)
                .toArray();
        float[] shares = new float[next.length];
        for (int i = 0; i < next.length; i++) {
            shares[i] = strip.count(item, next[i]) / (float) interactions;
        }
        return new SparseRow(item, next, shares);
    }

    /** The sum over the last items. */
    private record Scores(SparseRows transitions, int window) implements ItemScores {
        @Override
        public float[] of(KnownUser user, int[] items) {
            float[] ofAll = new float[transitions.numItems()];
            for (int earlier : user.last(window)) {
                int[] next = transitions.columns()[earlier];
                float[] shares = transitions.values()[earlier];
                for (int i = 0; i < next.length; i++) {
                    ofAll[next[i]] += shares[i];
                }
            }
            float[] scores = new float[items.length];
            for (int i = 0; i < items.length; i++) {
                scores[i] = ofAll[items[i]];
            }
            return scores;
        }
    }
}
