package io.deepfm.baseline;

import io.deepfm.baseline.KnownUser.Rows;
import io.deepfm.baseline.PairCounts.Strip;
import io.deepfm.baseline.matrix.SquareMatrix;
import io.deepfm.config.Require;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A linear autoencoder in closed form (Steck, Embarrassingly shallow autoencoders for sparse data, WWW 2019, equation 8). With X
 * the binary matrix of users by items, G = X^T X and P = (G + lambda I)^-1, B = I - P / diag(P), whose diagonal is zero; item
 * b's score is the sum of B[a, b] over the items a of the user's history.
 */
public final class Ease implements Baseline<Ease.Settings> {

    /** The largest catalogue: its matrix of floats, 1.6 GB, is about what the engine takes from Java in one piece. */
    static final int MOST_ITEMS = 20_000;

    /** G, the variant at hand, the best so far, and that on its way to the executors. */
    private static final int MATRICES = 4;

    /** The section {@code ease}. */
    public record Settings(Config ease) {}

    /**
     * What is tried.
     *
     * @param rows which interactions count
     * @param lambda the L2 penalty
     */
    public record Config(List<Rows> rows, List<Double> lambda) {

        /** Checks ranges. */
        public Config {
            Require.that(!rows.isEmpty(), "rows", "must not be empty");
            Require.that(!lambda.isEmpty(), "lambda", "must not be empty");
            lambda.forEach(value -> Require.above("lambda", value, 0));
        }
    }

    @Override
    public String name() {
        return "ease";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Optional<String> refusal(BaselineData data, Settings settings) {
        return refusal(data);
    }

    static Optional<String> refusal(BaselineData data) {
        return data.refusal(MOST_ITEMS, MATRICES * (double) Float.BYTES * data.numItems() * data.numItems());
    }

    @Override
    public Stream<Variant> variants(BaselineData data, Settings settings) {
        return settings.ease().rows().stream().flatMap(rows -> {
            float[] gram = gram(data, rows);
            return settings.ease().lambda().stream()
                    .map(lambda -> new Variant(
                            choice(rows, lambda),
                            () -> new Scores(weights(gram, data.numItems(), lambda), data.numItems(), rows)));
        });
    }

    private static Map<String, Object> choice(Rows rows, double lambda) {
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("rows", rows.toString());
        choice.put("lambda", lambda);
        return choice;
    }

    /** X^T X, row by row, shape (numItems, numItems). */
    private static float[] gram(BaselineData data, Rows rows) {
        float[] gram = new float[data.numItems() * data.numItems()];
        Iterator<Strip> strips =
                PairCounts.of(data, user -> user.distinct(rows), 0).toLocalIterator();
        while (strips.hasNext()) {
            Strip strip = strips.next();
            int start = strip.from() * data.numItems();
            for (int i = 0; i < strip.counts().length; i++) {
                gram[start + i] = strip.counts()[i];
            }
        }
        return gram;
    }

    /**
     * B.
     *
     * @param gram G, row by row, shape (n, n); it is the same afterwards
     * @param n the number of items
     * @param lambda the L2 penalty
     * @return row by row, shape (n, n)
     */
    static float[] weights(float[] gram, int n, double lambda) {
        float[] counts = new float[n];
        for (int i = 0; i < n; i++) {
            counts[i] = gram[i * n + i];
            gram[i * n + i] += (float) lambda;
        }
        float[] weights = SquareMatrix.inverse(gram, n);
        float[] diagonal = new float[n];
        for (int i = 0; i < n; i++) {
            gram[i * n + i] = counts[i];
            diagonal[i] = weights[i * n + i];
        }
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++) {
                weights[i * n + j] = i == j ? 0 : -weights[i * n + j] / diagonal[j];
            }
        }
        return weights;
    }

    /** The sum over the history. */
    private record Scores(float[] weights, int numItems, Rows rows) implements ItemScores {
        @Override
        public float[] of(KnownUser user, int[] items) {
            float[] scores = new float[items.length];
            for (int seen : user.distinct(rows)) {
                int row = seen * numItems;
                for (int i = 0; i < items.length; i++) {
                    scores[i] += weights[row + items[i]];
                }
            }
            return scores;
        }
    }
}
