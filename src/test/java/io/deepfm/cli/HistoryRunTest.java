package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.model.CtrModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with histories: what it evaluates is what its model predicts and recommends. */
class HistoryRunTest {

    /** Without the gap, which a recommendation does not know. */
    private static final String HISTORIES =
            """
            include classpath("datasets/movielens-100k.conf")
            dataset.features = ${dataset.features} [
              { name = recent, type = sequence, history { of = item, last = 5 } }
              { name = liked, type = sequence, history { of = item, last = 20, where = "label = 1" }, combiner = sqrtn }
              { name = disliked, type = sequence, history { of = item, last = 3, where = "label = 0", table = own } }
              { name = activity, type = dense, history { of = count } }
            ]
            """;

    @TempDir
    private Path folder;

    private Path config;

    @Test
    void predictingAndRecommendingGiveTheProbabilitiesOfTheEvaluation() throws IOException {
        config = RawFiles.write(folder);
        Files.writeString(config, Files.readString(config) + HISTORIES);
        run("pipeline");
        Map<String, Double> evaluated = test();
        assertThat(evaluated).hasSize(12);

        String raw = folder.resolve("raw/u.data").toString();
        run("predict", "--input", raw, "--output", folder.resolve("predicted").toString());
        Map<String, Double> predicted = new HashMap<>();
        ParquetRows.of(folder.resolve("predicted"))
                .forEach(row -> predicted.put(row.get(1) + " " + row.get(2), row.getAs("probability")));
        evaluated.forEach(
                (pair, probability) -> assertThat(predicted.get(pair)).as(pair).isCloseTo(probability, within(1e-6)));

        List<String> before = new ArrayList<>(Files.readAllLines(Path.of(raw)));
        before.removeIf(line -> evaluated.containsKey(line.replaceAll("^(\\d+)\t(\\d+)\t.*", "$1 $2")));
        Path known = Files.write(folder.resolve("before.data"), before);
        String[] all = {
            "--top",
            "20",
            "--include-seen",
            "--force",
            "--output",
            folder.resolve("best").toString()
        };
        run("recommend", concat(all, "--history", known.toString()));
        Map<String, Double> recommended = best();
        evaluated.forEach((pair, probability) ->
                assertThat(recommended.get(pair)).as(pair).isCloseTo(probability, within(1e-6)));
        // With all that the model keeps, the test row itself is part of the history.
        run("recommend", all);
        assertThat(best()).isNotEqualTo(recommended);

        // Only the rankings are made anew.
        CommandRun again = run("pipeline", "--override", "evaluation.history=train");
        assertThat(again.out()).containsPattern("train .*up to date").doesNotContainPattern("score .*up to date");
        assertThat(test()).hasSize(12).isNotEqualTo(evaluated);
        assertThat(run("describe").out()).contains("recent", "liked", "disliked", "activity");
    }

    /** The probability of each test interaction by user and item. */
    private Map<String, Double> test() {
        Map<String, Double> probabilities = new HashMap<>();
        for (Row row : ParquetRows.of(folder.resolve("run/rankings/test"))) {
            probabilities.put(
                    row.getAs("user") + " " + row.getAs("item"), CtrModel.probability(row.<Float>getAs("logit")));
        }
        return probabilities;
    }

    private Map<String, Double> best() {
        Map<String, Double> probabilities = new HashMap<>();
        ParquetRows.of(folder.resolve("best"))
                .forEach(row -> probabilities.put(row.get(0) + " " + row.get(1), row.getDouble(2)));
        return probabilities;
    }

    private CommandRun run(String command, String... options) {
        CommandRun run = CommandRun.of(
                concat(new String[] {command, "--config", config.toString(), "--master", "local[2]"}, options));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run;
    }

    private static String[] concat(String[] first, String... then) {
        List<String> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(then));
        return all.toArray(String[]::new);
    }
}
