package io.deepfm.baseline;

import io.deepfm.baseline.KnownUser.Rows;
import io.deepfm.baseline.PairCounts.Strip;
import io.deepfm.baseline.matrix.SparseRows;
import io.deepfm.baseline.matrix.SparseRows.SparseRow;
import io.deepfm.config.Require;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;

/**
 * Item-based nearest neighbours by cosine (Sarwar et al., Item-based collaborative filtering recommendation algorithms, WWW
 * 2001). With X the binary matrix of users by items and c its column sums, sim(a, b) = (X^T X)[a, b] / sqrt(c[a] c[b]); item
 * a's score is the sum of sim(a, b) over those of its k most similar items that are in the user's history.
 */
public final class ItemKnn implements Baseline<ItemKnn.Settings> {

    /** The largest catalogue: each of its pairs is looked at, on the executors. */
    static final int MOST_ITEMS = 100_000;

    /** The section {@code item_knn}. */
    public record Settings(Config itemKnn) {}

    /**
     * What is tried.
     *
     * @param rows which interactions count
     * @param neighbours the most similar items that are kept of each
     */
    public record Config(List<Rows> rows, List<Integer> neighbours) {

        /** Checks ranges. */
        public Config {
            Require.that(!rows.isEmpty(), "rows", "must not be empty");
            Require.allAtLeast("neighbours", neighbours, 1);
        }
    }

    @Override
    public String name() {
        return "item_knn";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Optional<String> refusal(BaselineData data, Settings settings) {
        double neighbours =
                Math.min(data.numItems(), Collections.max(settings.itemKnn().neighbours()));
        return data.refusal(MOST_ITEMS, neighbours * data.numItems() * (Integer.BYTES + Float.BYTES));
    }

    @Override
    public Stream<Variant> variants(BaselineData data, Settings settings) {
        List<Integer> counts = settings.itemKnn().neighbours();
        return settings.itemKnn().rows().stream().flatMap(rows -> {
            SparseRows similar = similar(data, rows, Collections.max(counts));
            return counts.stream()
                    .map(count -> new Variant(choice(rows, count), () -> new Scores(similar, rows, count)));
        });
    }

    private static Map<String, Object> choice(Rows rows, int neighbours) {
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("rows", rows.toString());
        choice.put("neighbours", neighbours);
        return choice;
    }

    /** Of each item the {@code count} most similar ones, the most similar first. */
    private static SparseRows similar(BaselineData data, Rows rows, int count) {
        int[] users = data.usersOfItems(rows);
        JavaRDD<SparseRow> nearest = PairCounts.of(data, user -> user.distinct(rows), 0)
                .flatMap(strip -> IntStream.range(strip.from(), strip.to())
                        .filter(item -> users[item] > 0)
                        .mapToObj(item -> nearest(strip, item, users, count))
                        .iterator());
        return SparseRows.gather(nearest, data.numItems());
    }

    /** A neighbour; of equal ones the smaller index is the nearer. */
    private record Neighbour(int item, float cosine) {
        private static final Comparator<Neighbour> NEAREST_FIRST =
                Comparator.comparingDouble((Neighbour one) -> -one.cosine).thenComparingInt(one -> one.item);
    }

    private static SparseRow nearest(Strip strip, int item, int[] users, int count) {
        PriorityQueue<Neighbour> kept = new PriorityQueue<>(Neighbour.NEAREST_FIRST.reversed());
        for (int other = 0; other < users.length; other++) {
            int together = strip.count(item, other);
            if (together > 0 && other != item) {
                kept.add(new Neighbour(other, (float) (together / Math.sqrt((double) users[item] * users[other]))));
                if (kept.size() > count) {
                    kept.remove();
                }
            }
        }
        List<Neighbour> nearest = new ArrayList<>(kept);
        nearest.sort(Neighbour.NEAREST_FIRST);
        int[] columns = nearest.stream().mapToInt(Neighbour::item).toArray();
        float[] values = new float[columns.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = nearest.get(i).cosine();
        }
        return new SparseRow(item, columns, values);
    }

    /** The sum over the neighbours in the history. */
    private record Scores(SparseRows similar, Rows rows, int neighbours) implements ItemScores {
        @Override
        public float[] of(KnownUser user, int[] items) {
            boolean[] inHistory = new boolean[similar.numItems()];
            for (int item : user.distinct(rows)) {
                inHistory[item] = true;
            }
            float[] scores = new float[items.length];
            for (int i = 0; i < items.length; i++) {
                int[] others = similar.columns()[items[i]];
                float[] cosines = similar.values()[items[i]];
                for (int k = 0; k < Math.min(neighbours, others.length); k++) {
                    scores[i] += inHistory[others[k]] ? cosines[k] : 0;
                }
            }
            return scores;
        }
    }
}
