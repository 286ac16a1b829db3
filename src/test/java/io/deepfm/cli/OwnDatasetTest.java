package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deepfm.model.ModelRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datasets of several shapes that a configuration alone describes, from raw files to metrics. */
class OwnDatasetTest {

    private static final String SMALL_MODEL =
            """
            device = cpu
            feature.fm_embed_dim = 4
            dnn.hidden_units = [8]
            cin.layer_sizes = [4, 4]
            attention { num_heads = 2, attention_dim = 4 }
            training { batch_size = 64, epochs = 2, num_threads = 1 }
            data { dataset_name = own, auto_download = false, num_neg_eval = 5 }
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"deepfm", "xdeepfm", "attention_deepfm"})
    void aClickLogHasNeitherUsersNorItemsAndNothingIsRanked(String model) throws IOException {
        JsonNode results = run(
                model, clickLog(), "data.split_strategy=random", "data.validation_share=0.2", "data.test_share=0.2");
        assertThat(results.path("test_metrics").path("auc").isNumber()).isTrue();
        assertThat(results.path("test_metrics").has("HR@10")).isFalse();
        assertThat(results.path("baselines")).isEmpty();
    }

    @Test
    void implicitFeedbackWithContextIsSampledAndRanked() throws IOException {
        Path config = purchases();
        for (String model : ModelRegistry.names()) {
            JsonNode results = run(model, config);
            // 15 users with 8 purchases each; all are positive.
            assertThat(results.at("/data/ingest/users").asLong()).isEqualTo(15);
            assertThat(results.at("/data/split/train_positive").asLong()).isEqualTo(15 * 6);
            assertThat(results.at("/data/candidates/test_candidates").asLong()).isEqualTo(15 * 6);
            assertThat(results.path("test_metrics").path("HR@10").isNumber())
                    .as(model)
                    .isTrue();
        }
    }

    @Test
    void interactionsAreSplitByTime() throws IOException {
        JsonNode results = run("deepfm", purchases(), "data.split_strategy=temporal");
        assertThat(results.at("/data/split/test").asLong()).isEqualTo(12);
        assertThat(results.at("/data/split/validation").asLong()).isEqualTo(12);
        assertThat(results.at("/data/split/train").asLong()).isEqualTo(96);
    }

    @Test
    void splitsMayBeFilesOfTheirOwn() throws IOException {
        Path config = clickLog();
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
        JsonNode results = run("deepfm", config, "data.split_strategy=predefined");
        assertThat(results.at("/data/split/train").asLong()).isEqualTo(200);
        assertThat(results.at("/data/split/validation").asLong()).isEqualTo(50);
        assertThat(results.at("/data/split/test").asLong()).isEqualTo(50);
    }

    @Test
    void badRowsAreSetAsideCountedAndShown() throws IOException {
        Path config = purchases();
        Path file = folder.resolve("purchases.csv");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add("u1");
        lines.add("u1,,1000,9.5,web");
        lines.add("u1,\"shoe, red\",later,9.5,web");
        lines.add("u1,\"shoe, red\",1000,NaN,web");
        lines.add(lines.get(1));
        Files.write(file, lines);

        CommandRun refused = CommandRun.of("ingest", "--config", config.toString(), "--master", "local[1]");
        assertThat(refused.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(refused.err())
                .contains(file + ":122: does not have 5 columns", "column item is empty", "data.max_bad_rows=SHARE");

        CommandRun kept = CommandRun.of(
                "ingest",
                "--config",
                config.toString(),
                "--master",
                "local[1]",
                "--override",
                "data.max_bad_rows=0.05");
        assertThat(kept.err()).isEmpty();
        assertThat(kept.out())
                .contains("120 interactions", "set aside: 1 rows of interactions, wrong number of columns")
                .contains("interactions, missing value", "interactions, wrong type", "interactions, not finite")
                .contains("interactions, repeated");
        StringBuilder quarantine = new StringBuilder();
        try (var files = Files.list(folder.resolve("work/quarantine/interactions"))) {
            for (Path part :
                    files.filter(part -> part.toString().endsWith(".json")).toList()) {
                quarantine.append(Files.readString(part));
            }
        }
        assertThat(quarantine.toString())
                .contains("\"line\":122", "\"line\":126", "\"reason\":\"repeated\"", "purchases.csv");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "label = nowhere|label: cannot compute nowhere|There|item",
                "time = item|time: item gives string|to_timestamp|item",
                "user = customer|user: there is no column customer|There are|shop",
                "label = price|label: price gives|must give true and false|>= 4",
            })
    void aDescriptionThatDoesNotFitIsRefusedWithItsLineBeforeAnyWork(String damage) throws IOException {
        String[] parts = damage.split("\\|");
        Path config = purchases();
        Files.writeString(config, Files.readString(config) + "\ndataset." + parts[0] + "\n");
        int line = Files.readAllLines(config).size();
        CommandRun run = CommandRun.of("ingest", "--config", config.toString(), "--master", "local[1]");
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err()).contains(config + ":" + line + ": " + parts[1]).contains(parts[3]);
        assertThat(folder.resolve("work/interactions")).doesNotExist();
    }

    @Test
    void describeShowsFieldsSharesAndCounts() throws IOException {
        CommandRun run = CommandRun.of("describe", "--config", purchases().toString(), "--master", "local[1]");
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .containsPattern("user +sparse +user +16 +4 +0.0 +0.0 +0.0")
                .containsPattern("price +dense +context +- +2 ")
                .containsPattern("train +90 rows, 100.0 % positive")
                .contains("interactions per user  least 8, median 8, mean 8.0, most 8");
    }

    private JsonNode run(String model, Path config, String... overrides) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "pipeline",
                "--config",
                config.toString(),
                "--master",
                "local[1]",
                "--override",
                "model_name=" + model));
        args.addAll(List.of(overrides));
        CommandRun run = CommandRun.of(args.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return new ObjectMapper().readTree(folder.resolve("run/results.json").toFile());
    }

    private Path clickLog() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int site = random.nextInt(6);
            String hits = random.nextInt(4) == 0 ? "" : Integer.toString(random.nextInt(50));
            String ad = random.nextInt(5) == 0 ? "" : "ad" + random.nextInt(40);
            lines.add((random.nextInt(6) < site ? 1 : 0) + "\t" + hits + "\tsite" + site + "\t" + ad);
        }
        Files.write(folder.resolve("clicks.tsv"), lines);
        return config(
                """
                dataset {
                  interactions {
                    path = "%s/clicks.tsv", format = tsv
                    columns = "clicked INT NOT NULL, hits INT, site STRING, ad STRING"
                  }
                  label = clicked
                  features = [
                    { name = hits, type = dense, scaling = log1p, embedding_dim = 2 }
                    { name = few_hits, type = sparse, expression = hits, buckets = [0, 10, 25], embedding_dim = 2 }
                    { name = site, type = sparse }
                    { name = ad, type = sparse, hash_buckets = 16, embedding_dim = 3 }
                    { name = both, type = sequence, expression = "array(site, ad)", max_length = 2, combiner = sum }
                  ]
                }
                """);
    }

    /** A file with a header and quotes, no user or item files, no label, and context features. */
    private Path purchases() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        List<String> lines = new ArrayList<>(List.of("user,item,time,price,shop"));
        for (int user = 0; user < 15; user++) {
            for (int i = 0; i < 8; i++) {
                String item = i == 0 ? "\"shoe, red\"" : "thing" + (user + i * 3) % 40;
                lines.add("u" + user + "," + item + "," + (1000 + 17 * user + 5 * i) + "," + random.nextInt(100) + ".5,"
                        + (random.nextBoolean() ? "web" : "city"));
            }
        }
        Files.write(folder.resolve("purchases.csv"), lines);
        return config(
                """
                dataset {
                  interactions {
                    path = "%s/purchases.csv", header = true
                    columns = "user STRING, item STRING, time BIGINT, price DOUBLE, shop STRING"
                  }
                  user = user
                  item = item
                  time = time
                  features = [
                    { name = user, type = sparse, group = user, embedding_dim = 4 }
                    { name = item, type = sparse, group = item, embedding_dim = 4 }
                    { name = price, type = dense, scaling = standard, embedding_dim = 2 }
                    { name = shop, type = sparse, embedding_dim = 2 }
                  ]
                }
                """);
    }

    private Path config(String dataset) throws IOException {
        String places = """
                output_dir = "%s"
                work_dir = "%s"
                """
                .formatted(folder.resolve("run"), folder.resolve("work"));
        return Files.writeString(folder.resolve("own.conf"), SMALL_MODEL + places + dataset.formatted(folder));
    }
}
