package io.deepfm.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.baseline.BaselineRun;
import io.deepfm.baseline.BaselineStage;
import io.deepfm.baseline.Popularity;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.PreparedData;
import io.deepfm.data.TinyDataset;
import io.deepfm.job.Configurations;
import io.deepfm.schema.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code data.num_neg_eval = all}: lists and metrics against those computed from the raw file in the plainest way. */
class WholeCatalogueTest {

    private record Rating(int user, int item, boolean liked, long time) {}

    @TempDir
    private static Path folder;

    private static PreparedData data;
    /** By user, in the order of time. */
    private static Map<Integer, List<Rating>> ratings;

    @BeforeAll
    static void prepare() throws IOException {
        Path files = TinyDataset.write(folder.resolve("raw"));
        ratings = Files.readAllLines(files.resolve("u.data")).stream()
                .map(line -> line.split("\t"))
                .map(part -> new Rating(
                        Integer.parseInt(part[0]),
                        Integer.parseInt(part[1]),
                        Integer.parseInt(part[2]) >= 4,
                        Long.parseLong(part[3])))
                // A stable sort, as ties go by the order in the file.
                .sorted(Comparator.comparingLong(Rating::time))
                .collect(Collectors.groupingBy(Rating::user, TreeMap::new, Collectors.toList()));
        data = new PreparedData("local[2]", 3, files.toString(), folder.resolve("work"), "data.num_neg_eval=all")
                .prepare(1);
    }

    @AfterAll
    static void stop() {
        data.close();
    }

    @Test
    void aListHoldsEveryItemThatItsUserHasNotSeenInAnySplit() {
        for (String split : List.of(Tables.VALIDATION, Tables.TEST)) {
            Map<Integer, Set<Integer>> expected = new HashMap<>();
            ratings.forEach((user, own) -> {
                if (own.size() >= 3) {
                    expected.put(user, unseen(own));
                }
            });
            Map<Integer, Set<Integer>> found = new HashMap<>();
            for (Row row : data.table(Tables.CANDIDATES + "/" + split).collectAsList()) {
                List<Integer> negatives = row.getList(row.fieldIndex(Tables.NEGATIVES));
                // Indices count from 0, the file's ids from 1.
                Set<Integer> items = negatives.stream().map(index -> index + 1).collect(Collectors.toSet());
                assertThat(items).hasSameSizeAs(negatives);
                found.put(row.<Integer>getAs(Tables.USER_INDEX) + 1, items);
            }
            assertThat(found).isEqualTo(expected);
        }
    }

    /** Users have 5 to 11 ratings, so their lists are of 30 to 36 items. */
    @Test
    void popularityRanksTheWholeCatalogue() {
        Map<Integer, Long> likes = new HashMap<>();
        ratings.values().forEach(own -> own.subList(0, own.size() < 3 ? own.size() : own.size() - 2).stream()
                .filter(Rating::liked)
                .forEach(rating -> likes.merge(rating.item(), 1L, Long::sum)));
        List<Integer> ranks = new ArrayList<>();
        Set<Integer> lengths = new HashSet<>();
        double areas = 0;
        for (List<Rating> own : ratings.values()) {
            Rating last = own.get(own.size() - 1);
            if (own.size() < 3 || !last.liked()) {
                continue;
            }
            long held = likes.getOrDefault(last.item(), 0L);
            List<Long> others = unseen(own).stream()
                    .map(item -> likes.getOrDefault(item, 0L))
                    .toList();
            lengths.add(others.size());
            ranks.add(1 + (int) others.stream().filter(count -> count >= held).count());
            areas += others.stream()
                            .mapToDouble(count -> count < held ? 1 : count == held ? 0.5 : 0)
                            .sum()
                    / others.size();
        }
        ExperimentConfig config = Configurations.defaults("evaluation.ks=[1, 10, 40]", "data.num_neg_eval=all");
        BaselineStage popularity = new BaselineStage(
                data.work, config, new Popularity(), new BaselineRun(data.spark, data.work, config)::run);
        data.work.run(popularity, false);
        Map<String, Double> metrics = popularity.result().testMetrics();
        assertThat(lengths).hasSizeGreaterThan(3);
        assertThat(metrics.get("users_ranked")).isEqualTo(ranks.size());
        assertThat(metrics.get("gauc")).isCloseTo(areas / ranks.size(), within(1e-12));
        for (int k : List.of(1, 10, 40)) {
            double hits = ranks.stream().filter(rank -> rank <= k).count();
            double gain = ranks.stream()
                    .filter(rank -> rank <= k)
                    .mapToDouble(rank -> Math.log(2) / Math.log(1 + rank))
                    .sum();
            assertThat(metrics.get("HR@" + k)).isCloseTo(hits / ranks.size(), within(1e-12));
            assertThat(metrics.get("NDCG@" + k)).isCloseTo(gain / ranks.size(), within(1e-12));
        }
        assertThat(metrics.get("HR@10")).isBetween(0.05, 0.95);
    }

    private static Set<Integer> unseen(List<Rating> own) {
        Set<Integer> seen = own.stream().map(Rating::item).collect(Collectors.toSet());
        Set<Integer> unseen = new HashSet<>();
        for (int item = 1; item <= TinyDataset.ITEMS; item++) {
            if (!seen.contains(item)) {
                unseen.add(item);
            }
        }
        return unseen;
    }
}
