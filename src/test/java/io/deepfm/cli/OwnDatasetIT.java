package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deepfm.model.Architecture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Datasets of several shapes that a configuration alone describes, from raw files to metrics and predictions. */
@Tag("proof")
class OwnDatasetIT {

    @TempDir
    private Path folder;

    @Test
    void aClickLogHasNeitherUsersNorItemsAndNothingIsRanked() throws IOException {
        Path config = own().clickLog();
        for (JsonNode results : runAll(config, "data.split_strategy=random")) {
            assertThat(results.path("test_metrics").path("auc").isNumber()).isTrue();
            assertThat(results.path("test_metrics").has("HR@10")).isFalse();
            JsonNode baselines = results.path("baselines");
            assertThat(baselines.fieldNames()).toIterable().containsExactly("constant", "logistic_regression");
            for (JsonNode baseline : baselines) {
                assertThat(baseline.path("test_metrics").fieldNames())
                        .toIterable()
                        .containsExactlyElementsOf(
                                () -> results.path("test_metrics").fieldNames());
            }
            assertThat(baselines.at("/constant/test_metrics/auc").asDouble()).isEqualTo(0.5);
            assertThat(baselines.at("/constant/test_metrics/logloss").asDouble())
                    .isCloseTo(results.at("/constant_rate/test_logloss").asDouble(), within(1e-6));
            assertThat(baselines.at("/logistic_regression/test_metrics/auc").asDouble())
                    .isGreaterThan(0.5);
            assertThat(baselines
                            .at("/logistic_regression/settings/regularization")
                            .asDouble())
                    .isIn(1e-4, 1e-3, 1e-2, 1e-1);
        }
        List<Row> rows = predict(config, folder.resolve("clicks.tsv"));
        List<String> lines = Files.readAllLines(folder.resolve("clicks.tsv"));
        assertThat(rows).hasSize(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            Row row = rows.get(i);
            assertThat(row.getLong(0)).isEqualTo(i + 1);
            assertThat(lines.get(i)).startsWith(row.get(1) + "\t");
            assertThat(row.<Double>getAs("probability")).isBetween(0.0, 1.0);
        }
        CommandRun recommend = OwnDatasets.command(
                "recommend", config, "--output", folder.resolve("top").toString());
        assertThat(recommend.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(recommend.err()).contains("has no item features");
        Map.of(
                        "training.loss=bpr", "training.loss = bpr compares what users interact with",
                        "training.loss=gbce", "training.loss = gbce compares what users interact with",
                        "training.metric=NDCG@10", "training.metric = NDCG@10: NDCG@10 ranks an item",
                        "model.heads=two", "model.heads = two: the first head")
                .forEach((setting, said) -> {
                    CommandRun train =
                            OwnDatasets.command("train", config, "--override", "data.split_strategy=random", setting);
                    assertThat(train.exitCode()).isEqualTo(Main.EXIT_CONFIG);
                    assertThat(train.err()).contains(said);
                });
    }

    @Test
    void implicitFeedbackWithContextIsSampledAndRanked() throws IOException {
        Path config = own().purchases();
        for (JsonNode results : runAll(config)) {
            // 15 users with 8 purchases each; all are positive.
            assertThat(results.at("/data/ingest/users").asLong()).isEqualTo(15);
            assertThat(results.at("/data/split/train_positive").asLong()).isEqualTo(15 * 6);
            assertThat(results.at("/data/candidates/test_candidates").asLong()).isEqualTo(15 * 6);
            assertThat(results.path("test_metrics").path("HR@10").isNumber()).isTrue();
        }
        Path keys = Files.writeString(folder.resolve("users.txt"), "u3\nnobody\n");
        CommandRun recommend = OwnDatasets.command(
                "recommend",
                config,
                "--users",
                keys.toString(),
                "--output",
                folder.resolve("top").toString(),
                "--top",
                "3");
        assertThat(recommend.err()).isEmpty();
        assertThat(ParquetRows.of(folder.resolve("top")))
                .extracting(row -> row.getString(0))
                .containsExactly("u3", "u3", "u3", "nobody", "nobody", "nobody");
        Path input = Files.writeString(
                folder.resolve("new.csv"), "shop,price,item,user\nweb,3,thing1,u3\ncity,,\"shoe, red\",nobody\n");
        assertThat(predict(config, input))
                .extracting(row -> row.getString(3) + " " + row.getString(4))
                .containsExactly("thing1 u3", "shoe, red nobody");
    }

    @Test
    void interactionsAreSplitByTime() throws IOException {
        for (JsonNode results : runAll(own().purchases(), "data.split_strategy=temporal")) {
            assertThat(results.at("/data/split/test").asLong()).isEqualTo(12);
            assertThat(results.at("/data/split/validation").asLong()).isEqualTo(12);
            assertThat(results.at("/data/split/train").asLong()).isEqualTo(96);
            assertThat(results.path("test_metrics").path("HR@10").isNumber()).isTrue();
        }
    }

    @Test
    void splitsMayBeFilesOfTheirOwn() throws IOException {
        Path config = own().clickLog();
        List<String> lines = Files.readAllLines(folder.resolve("clicks.tsv"));
        Files.write(folder.resolve("clicks.tsv"), lines.subList(0, 200));
        Files.write(folder.resolve("validation.tsv"), lines.subList(200, 250));
        Files.write(folder.resolve("test.tsv"), lines.subList(250, 300));
        String source =
                """
                dataset.%s { path = "%s", format = tsv, columns = ${dataset.interactions.columns} }
                """;
        Files.writeString(
                config,
                Files.readString(config)
                        + source.formatted("validation", folder.resolve("validation.tsv"))
                        + source.formatted("test", folder.resolve("test.tsv")));
        for (JsonNode results : runAll(config, "data.split_strategy=predefined")) {
            assertThat(results.at("/data/split/train").asLong()).isEqualTo(200);
            assertThat(results.at("/data/split/validation").asLong()).isEqualTo(50);
            assertThat(results.at("/data/split/test").asLong()).isEqualTo(50);
        }
    }

    /** Raw columns may have the names that the program gives to encoded ones; the model's folder is all that predicting needs. */
    @Test
    void sourcesMayBeOfSeveralFormats() throws IOException {
        Path config = own().visits();
        assertThat(run("deepfm", config, "data.split_strategy=random")
                        .at("/data/split/train_positive")
                        .asLong())
                .isPositive();
        FileUtils.moveDirectory(
                folder.resolve("run/model").toFile(),
                folder.resolve("elsewhere/model").toFile());
        FileUtils.deleteDirectory(folder.resolve("run").toFile());
        FileUtils.deleteDirectory(folder.resolve("work").toFile());
        FileUtils.deleteDirectory(folder.resolve("people.json").toFile());
        String model = folder.resolve("elsewhere/model").toString();
        // Without the label and the time, and in another order of keys.
        Path input = Files.writeString(
                folder.resolve("new.json"),
                "{\"page\": \"p1\", \"hour\": 3, \"who\": 2}\n{\"who\": 99, \"page\": \"p2\", \"hour\": 5}\n");
        Path people = Files.writeString(folder.resolve("new-people.json"), "{\"who\": 99, \"age\": 20}\n");
        List<Row> without = predict(config, input, "--checkpoint", model);
        List<Row> with = predict(config, input, "--checkpoint", model, "--force", "--users", people.toString());
        assertThat(without).extracting(row -> row.<Long>getAs("who")).containsExactly(2L, 99L);
        assertThat(with.get(0)).isEqualTo(without.get(0));
        assertThat(with.get(1).<Double>getAs("probability"))
                .isNotEqualTo(without.get(1).<Double>getAs("probability"));
        CommandRun recommend = OwnDatasets.command(
                "recommend",
                config,
                "--checkpoint",
                model,
                "--users",
                people.toString(),
                "--output",
                folder.resolve("top").toString());
        assertThat(recommend.err()).isEmpty();
        assertThat(ParquetRows.of(folder.resolve("top")))
                .hasSize(6)
                .extracting(row -> row.getLong(0))
                .containsOnly(99L);
    }

    /** The format that rows come in decides nothing: the same model and the same predictions. */
    @Test
    void parquetRowsArePredictedAsTextRowsAre() throws IOException {
        Path config = own().purchases();
        Path csv = folder.resolve("purchases.csv");
        // Without the header rows have the same places in both.
        List<String> lines = Files.readAllLines(csv);
        Files.write(csv, lines.subList(1, lines.size()));
        Files.writeString(config, Files.readString(config).replace("header = true", "header = false"));
        Path parquet = folder.resolve("purchases.parquet");
        try (SparkSession spark = ParquetRows.session()) {
            spark.read()
                    .schema("user STRING, item STRING, time BIGINT, price DOUBLE, shop STRING")
                    .csv(csv.toString())
                    .write()
                    .option("maxRecordsPerFile", 50)
                    .parquet(parquet.toString());
        }
        run("deepfm", config);
        List<Row> text = predict(config, csv);
        Files.writeString(
                config,
                Files.readString(config) + "\ndataset.interactions = null\ndataset.interactions { path = \"" + parquet
                        + "\", format = parquet }\n");
        JsonNode results = run("deepfm", config);
        assertThat(results.at("/data/ingest/interactions").asLong()).isEqualTo(120);
        List<Row> columns = predict(config, parquet, "--force");
        assertThat(columns)
                .hasSize(120)
                .extracting(row -> row.getLong(0))
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(probabilities(columns)).isEqualTo(probabilities(text));
    }

    /** The probability of each user, item and time. */
    private static Map<String, Double> probabilities(List<Row> rows) {
        return rows.stream()
                .collect(Collectors.toMap(
                        row -> row.getAs("user") + " " + row.getAs("item") + " " + row.getAs("time"),
                        row -> row.<Double>getAs("probability")));
    }

    /** The results of every architecture over the same prepared data. */
    private List<JsonNode> runAll(Path config, String... overrides) throws IOException {
        List<JsonNode> results = new ArrayList<>();
        for (String model : Architecture.registry().choice().names()) {
            results.add(run(model, config, overrides));
        }
        assertThat(results).hasSizeGreaterThanOrEqualTo(4);
        return results;
    }

    private JsonNode run(String model, Path config, String... overrides) throws IOException {
        List<String> options = new ArrayList<>(List.of("--override", "model_name=" + model));
        options.addAll(List.of(overrides));
        CommandRun run = OwnDatasets.command("pipeline", config, options.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return new ObjectMapper().readTree(folder.resolve("run/results.json").toFile());
    }

    private List<Row> predict(Path config, Path input, String... options) {
        List<String> all = new ArrayList<>(List.of("--input", input.toString()));
        all.addAll(List.of("--output", folder.resolve("predictions").toString()));
        all.addAll(List.of(options));
        CommandRun run = OwnDatasets.command("predict", config, all.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        return ParquetRows.of(folder.resolve("predictions"));
    }

    private OwnDatasets own() {
        return new OwnDatasets(folder);
    }
}
