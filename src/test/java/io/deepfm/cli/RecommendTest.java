package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The best items for users, with a model that has nothing but its own folder. */
class RecommendTest {

    private static final int USERS = 12;
    private static final int ITEMS = 20;
    private static final int SEEN = 7;

    @TempDir
    private Path folder;

    private Path config;

    @BeforeEach
    void copyAModel() throws IOException {
        config = RawFiles.write(folder);
        FileUtils.copyDirectory(
                FinishedRun.get().folder().resolve("run/model").toFile(),
                folder.resolve("model").toFile());
    }

    @Test
    void theBestUnseenItemsAreThoseThatPredictingForAllOfThemFinds() throws IOException {
        List<Row> rows = recommend("--top", "5");
        assertThat(rows.get(0).schema().fieldNames()).containsExactly("user", "item", "probability", "rank");
        Set<String> seen = new HashSet<>();
        for (String line : Files.readAllLines(folder.resolve("raw/u.data"))) {
            seen.add(line.replaceAll("^(\\d+)\t(\\d+)\t.*", "$1 $2"));
        }
        Map<String, Double> all = probabilitiesOfAllPairs();
        for (int user = 1; user <= USERS; user++) {
            List<Row> best = rows.subList(5 * (user - 1), 5 * user);
            String name = user + " ";
            List<Double> expected = all.keySet().stream()
                    .filter(pair -> pair.startsWith(name) && !seen.contains(pair))
                    .map(all::get)
                    .sorted(Comparator.reverseOrder())
                    .limit(5)
                    .toList();
            for (int i = 0; i < best.size(); i++) {
                Row row = best.get(i);
                assertThat(row.getLong(0)).isEqualTo(user);
                assertThat(row.getInt(3)).isEqualTo(i + 1);
                assertThat(seen).doesNotContain(name + row.get(1));
                assertThat(row.getDouble(2))
                        .isCloseTo(expected.get(i), within(1e-6))
                        .isCloseTo(all.get(name + row.get(1)), within(1e-6));
            }
        }
    }

    @Test
    void howSparkSpreadsTheWorkDoesNotMatter() {
        List<Row> rows = recommend();
        assertThat(rows).hasSize(USERS * 10);
        assertThat(recommend("--force", "--master", "local[3]")).isEqualTo(rows);
    }

    @Test
    void thereMayBeFewerItemsThanWantedAndSeenOnesMayBeWanted() {
        assertThat(recommend("--top", "50")).hasSize(USERS * (ITEMS - SEEN));
        assertThat(recommend("--top", "50", "--include-seen", "--force")).hasSize(USERS * ITEMS);
    }

    @Test
    void usersOfAFileComeInItsOrderAndMayBeUnknown() throws IOException {
        List<String> known = Files.readAllLines(folder.resolve("raw/u.user"));
        Path users = Files.write(folder.resolve("new.user"), List.of("99|30|F|writer|20000", known.get(4)));
        List<Row> rows = recommend("--users", users.toString(), "--top", "15");
        assertThat(rows.stream().map(row -> row.getLong(0)).distinct()).containsExactly(99L, 5L);
        assertThat(rows.stream().filter(row -> row.getLong(0) == 99)).hasSize(15);
        List<Row> ofKnown = rows.subList(15, rows.size());
        assertThat(recommend("--top", "15", "--force"))
                .filteredOn(row -> row.getLong(0) == 5)
                .isEqualTo(ofKnown);
    }

    private Map<String, Double> probabilitiesOfAllPairs() throws IOException {
        List<String> pairs = new ArrayList<>();
        for (int user = 1; user <= USERS; user++) {
            for (int item = 1; item <= ITEMS; item++) {
                pairs.add(user + "\t" + item);
            }
        }
        Path input = Files.write(folder.resolve("pairs.data"), pairs);
        run(
                "predict",
                "--input",
                input.toString(),
                "--output",
                folder.resolve("pairs").toString());
        Map<String, Double> probabilities = new HashMap<>();
        ParquetRows.of(folder.resolve("pairs"))
                .forEach(row -> probabilities.put(row.get(1) + " " + row.get(2), row.getDouble(3)));
        return probabilities;
    }

    private List<Row> recommend(String... options) {
        List<String> all =
                new ArrayList<>(List.of("--output", folder.resolve("out").toString()));
        all.addAll(Arrays.asList(options));
        run("recommend", all.toArray(String[]::new));
        return ParquetRows.of(folder.resolve("out"));
    }

    private void run(String command, String... options) {
        List<String> all = new ArrayList<>(List.of(
                command,
                "--config",
                config.toString(),
                "--checkpoint",
                folder.resolve("model").toString()));
        all.addAll(Arrays.asList(options));
        if (!all.contains("--master")) {
            all.addAll(List.of("--master", "local[1]"));
        }
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }
}
