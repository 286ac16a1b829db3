package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a finished run's model goes by, as a whole and row by row. */
class ExplainTest {

    @TempDir
    private Path folder;

    private Path config;

    @BeforeEach
    void copyARun() throws IOException {
        config = FinishedRun.get().copy(folder);
    }

    @Test
    void fieldsAndPairsAreShownAndWritten() throws IOException {
        CommandRun run = run("explain", "--repeats", "2");
        assertThat(run.out())
                .contains("Fields: what validation auc (", "of 2 repeats", "12 of 12 lists with 11 candidates each")
                .contains("Pairs: mean absolute term of the factorization machine, the first 10 of 21")
                .contains("user_id", "genres", "explain.json");
        JsonNode written =
                new ObjectMapper().readTree(folder.resolve("run/explain.json").toFile());
        assertThat(written.get("fields")).hasSize(7);
        assertThat(written.get("fields").get(0).get("lost_by_repeat")).hasSize(2);
        assertThat(written.get("pairs").get("logit")).hasSize(21);
        assertThat(written.get("pairs").get("logit").get(0).get("strength").asDouble())
                .isGreaterThan(
                        written.get("pairs").get("logit").get(1).get("strength").asDouble());
        assertThat(written.get("attention")).isEmpty();
        String first = Files.readString(folder.resolve("run/explain.json"));
        run("explain", "--repeats", "2");
        assertThat(folder.resolve("run/explain.json")).hasContent(first);
    }

    @Test
    void aPredictionsContributionsAddUpToItsLogit() {
        run(
                "predict",
                "--explain",
                "--input",
                folder.resolve("raw/u.data").toString(),
                "--output",
                folder.resolve("out").toString());
        List<Row> rows = ParquetRows.of(folder.resolve("out"));
        assertThat(rows).hasSize(84);
        rows.forEach(ExplainTest::assertAddsUp);
        // 7 linear terms, 21 pairs, 7 shares of the deep part and the bias.
        assertThat(rows.get(0).<Row>getList(rows.get(0).fieldIndex("explanation")))
                .hasSizeBetween(36, 37);
    }

    @Test
    void soDoThoseOfRecommendations() throws IOException {
        run(
                "recommend",
                "--explain",
                "--top",
                "3",
                "--output",
                folder.resolve("out").toString());
        List<Row> rows = ParquetRows.of(folder.resolve("out"));
        assertThat(rows).hasSize(36);
        assertThat(rows.get(0).schema().fieldNames())
                .containsExactly("user", "item", "probability", "rank", "explanation");
        rows.forEach(ExplainTest::assertAddsUp);
        run(
                "recommend",
                "--explain",
                "--csv",
                "--output",
                folder.resolve("out.csv").toString());
        assertThat(Files.readAllLines(folder.resolve("out.csv")).get(1))
                .containsPattern("\\{\"\"term\"\":\"\"[a-z_]+\"\",\"\"fields\"\":\\[.*\\],\"\"contribution\"\":");
    }

    private static void assertAddsUp(Row row) {
        double probability = row.getDouble(row.fieldIndex("probability"));
        List<Row> contributions = row.getList(row.fieldIndex("explanation"));
        assertThat(contributions.stream().mapToDouble(one -> one.getDouble(2)).sum())
                .isCloseTo(Math.log(probability / (1 - probability)), within(1e-4));
        assertThat(contributions)
                .extracting(one -> Math.abs(one.getDouble(2)))
                .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    }

    private CommandRun run(String command, String... options) {
        List<String> all = new ArrayList<>(List.of(command, "--config", config.toString(), "--master", "local[1]"));
        all.addAll(Arrays.asList(options));
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run;
    }
}
