package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.model.CtrModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Probabilities of the rows of a file, with a model that has nothing but its own folder. */
class PredictIT {

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
    void eachRowGetsTheProbabilityThatTheRankingsHave() {
        List<Row> rows = predict(folder.resolve("raw/u.data"));
        assertThat(rows).hasSize(84);
        assertThat(rows.get(0).schema().fieldNames())
                .containsExactly(
                        "line",
                        "user_id",
                        "movie_id",
                        "rating",
                        "timestamp",
                        "probability",
                        "unknown_user",
                        "unknown_item");
        Map<String, Double> probabilities = new HashMap<>();
        rows.forEach(row -> probabilities.put(row.get(1) + " " + row.get(2), row.getDouble(5)));
        List<Row> rankings = ParquetRows.of(FinishedRun.get().folder().resolve("run/rankings/test"));
        assertThat(rankings).hasSize(12);
        for (Row ranking : rankings) {
            double expected = CtrModel.probability(ranking.<Float>getAs("logit"));
            assertThat(probabilities.get(ranking.getAs("user") + " " + ranking.getAs("item")))
                    .isCloseTo(expected, within(1e-6));
        }
    }

    @Test
    void theRowsKeepTheFilesOrder() throws IOException {
        List<Row> rows = predict(folder.resolve("raw/u.data"), "--master", "local[2]");
        List<String> lines = Files.readAllLines(folder.resolve("raw/u.data"));
        for (int i = 0; i < lines.size(); i++) {
            Row row = rows.get(i);
            assertThat(row.getLong(0)).isEqualTo(i + 1);
            assertThat(lines.get(i)).startsWith(row.get(1) + "\t" + row.get(2) + "\t");
        }
    }

    @Test
    void batchesDoNotMatter() {
        List<Double> one = probabilities(predict(folder.resolve("raw/u.data")));
        List<Double> many = probabilities(
                predict(folder.resolve("raw/u.data"), "--force", "--override", "evaluation.batch_size=7"));
        for (int i = 0; i < one.size(); i++) {
            assertThat(many.get(i)).isCloseTo(one.get(i), within(1e-6));
        }
    }

    @Test
    void unknownUsersAndItemsAreAllAlikeAndTheLabelMayBeMissing() throws IOException {
        Path input =
                Files.writeString(folder.resolve("new.data"), "1\t2\n1\t77\n1\t78\n90\t2\n91\t2\n90\t77\n\n1\t2\n");
        List<Row> rows = predict(input);
        assertThat(rows).extracting(row -> row.getLong(0)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 8L);
        assertThat(rows.get(0).schema().fieldNames())
                .containsExactly("line", "user_id", "movie_id", "probability", "unknown_user", "unknown_item");
        assertThat(rows)
                .extracting(row -> row.getBoolean(4))
                .containsExactly(false, false, false, true, true, true, false);
        assertThat(rows)
                .extracting(row -> row.getBoolean(5))
                .containsExactly(false, true, true, false, false, true, false);
        List<Double> p = probabilities(rows);
        assertThat(p.get(6)).as("the same pair").isEqualTo(p.get(0));
        assertThat(p.get(2)).as("two unknown items").isEqualTo(p.get(1));
        assertThat(p.get(4)).as("two unknown users").isEqualTo(p.get(3));
        assertThat(p.subList(0, 6)).doesNotContainNull().allSatisfy(value -> assertThat(value)
                .isBetween(0.0, 1.0));
        assertThat(List.of(p.get(0), p.get(1), p.get(3), p.get(5))).doesNotHaveDuplicates();
    }

    @Test
    void featuresOfUnknownUsersAndItemsComeFromFiles() throws IOException {
        Path input = Files.writeString(folder.resolve("new.data"), "90\t2\n1\t77\n1\t2\n");
        List<Double> without = probabilities(predict(input));
        Path users = Files.writeString(folder.resolve("new.user"), "90|31|F|writer|20000\n");
        Path items = Files.writeString(
                folder.resolve("new.item"), "77|New|||" + "|0".repeat(4) + "|1" + "|0".repeat(14) + "\n");
        List<Row> rows = predict(input, "--force", "--users", users.toString(), "--items", items.toString());
        assertThat(rows).noneMatch(row -> row.getBoolean(4) || row.getBoolean(5));
        List<Double> with = probabilities(rows);
        assertThat(with.get(0)).isNotEqualTo(without.get(0));
        assertThat(with.get(1)).isNotEqualTo(without.get(1));
        assertThat(with.get(2)).isEqualTo(without.get(2));
    }

    @Test
    void anEarlierOutputIsReplacedByForceOnly() throws IOException {
        predict(folder.resolve("raw/u.data"));
        CommandRun again = run("--input", folder.resolve("raw/u.data").toString());
        assertThat(again.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(again.err()).contains("--output", folder.resolve("out").toString(), "--force");
        Path input = Files.writeString(folder.resolve("new.data"), "1\t2\n");
        assertThat(predict(input, "--force")).hasSize(1);
        assertThat(folder.resolve("run")).as("the run's folder").doesNotExist();
        assertThat(folder.resolve("work")).as("the work directory").doesNotExist();
    }

    private List<Row> predict(Path input, String... options) {
        List<String> all = new ArrayList<>(List.of("--input", input.toString()));
        all.addAll(Arrays.asList(options));
        CommandRun run = run(all.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return ParquetRows.of(folder.resolve("out"));
    }

    private CommandRun run(String... options) {
        List<String> all = new ArrayList<>(List.of(
                "predict",
                "--config",
                config.toString(),
                "--checkpoint",
                folder.resolve("model").toString(),
                "--output",
                folder.resolve("out").toString()));
        all.addAll(Arrays.asList(options));
        if (!all.contains("--master")) {
            all.addAll(List.of("--master", "local[1]"));
        }
        return CommandRun.of(all.toArray(String[]::new));
    }

    private static List<Double> probabilities(List<Row> rows) {
        return rows.stream().map(row -> row.<Double>getAs("probability")).toList();
    }
}
