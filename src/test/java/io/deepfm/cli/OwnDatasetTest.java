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
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
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
            training { batch_size = 64, epochs = 1, num_threads = 1 }
            data { dataset_name = own, auto_download = false, num_neg_eval = 5 }
            """;

    @TempDir
    private Path folder;

    @Test
    void aClickLogHasNeitherUsersNorItemsAndNothingIsRanked() throws IOException {
        Path config = clickLog();
        for (JsonNode results : runAll(config, "data.split_strategy=random")) {
            assertThat(results.path("test_metrics").path("auc").isNumber()).isTrue();
            assertThat(results.path("test_metrics").has("HR@10")).isFalse();
            assertThat(results.path("baselines")).isEmpty();
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
        CommandRun recommend = command("recommend", config, "--output", folder.resolve("top").toString());
        assertThat(recommend.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(recommend.err()).contains("has no item features");
    }

    @Test
    void implicitFeedbackWithContextIsSampledAndRanked() throws IOException {
        Path config = purchases();
        for (JsonNode results : runAll(config)) {
            // 15 users with 8 purchases each; all are positive.
            assertThat(results.at("/data/ingest/users").asLong()).isEqualTo(15);
            assertThat(results.at("/data/split/train_positive").asLong()).isEqualTo(15 * 6);
            assertThat(results.at("/data/candidates/test_candidates").asLong()).isEqualTo(15 * 6);
            assertThat(results.path("test_metrics").path("HR@10").isNumber()).isTrue();
        }
        Path keys = Files.writeString(folder.resolve("users.txt"), "u3\nnobody\n");
        CommandRun recommend = command(
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
        for (JsonNode results : runAll(purchases(), "data.split_strategy=temporal")) {
            assertThat(results.at("/data/split/test").asLong()).isEqualTo(12);
            assertThat(results.at("/data/split/validation").asLong()).isEqualTo(12);
            assertThat(results.at("/data/split/train").asLong()).isEqualTo(96);
            assertThat(results.path("test_metrics").path("HR@10").isNumber()).isTrue();
        }
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
        for (JsonNode results : runAll(config, "data.split_strategy=predefined")) {
            assertThat(results.at("/data/split/train").asLong()).isEqualTo(200);
            assertThat(results.at("/data/split/validation").asLong()).isEqualTo(50);
            assertThat(results.at("/data/split/test").asLong()).isEqualTo(50);
        }
    }

    /** Raw columns may have the names that the program gives to encoded ones; the model's folder is all that predicting needs. */
    @Test
    void sourcesMayBeOfSeveralFormats() throws IOException {
        Path config = visits();
        assertThat(run("deepfm", config, "data.split_strategy=random")
                        .at("/data/split/train_positive")
                        .asLong())
                .isPositive();
        FileUtils.moveDirectory(
                folder.resolve("run/model").toFile(), folder.resolve("elsewhere/model").toFile());
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
        CommandRun recommend = command(
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
                .contains(file + ":122: has 1 columns instead of 5", "column item is empty", "data.max_bad_rows=SHARE");

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
                "features = [{ name = label, type = sparse, expression = shop }]|feature label: the program|x|user_key",
                "features = [{ name = x, type = sparse, expression = \"shop +\" }]|feature x: cannot compute shop +|x|shop",
                "features = [{ name = x, type = sparse, expression = shopp }]|feature x: cannot compute shopp|x|shop",
                "features = [{ name = x, type = dense, expression = shop }]|feature x: a dense feature needs a number|x|CAST",
                "features = [{ name = x, type = sequence, expression = shop }]|feature x: a sequence needs|x|split(shop",
                "interactions.columns = \"user STRING, item STRING, line INT, p INT, s INT\"|x|keeps the column name 'line'|line",
            })
    void aDescriptionThatDoesNotFitIsRefusedWithItsLineBeforeAnyWork(String damage) throws IOException {
        String[] parts = damage.split("\\|");
        Path config = purchases();
        Files.writeString(config, Files.readString(config) + "\ndataset." + parts[0] + "\n");
        int line = Files.readAllLines(config).size();
        CommandRun run = CommandRun.of("ingest", "--config", config.toString(), "--master", "local[1]");
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err()).contains(config + ":" + line + ": ").contains(parts[parts[1].equals("x") ? 2 : 1], parts[3]);
        assertThat(folder.resolve("work/interactions")).doesNotExist();
    }

    @Test
    void aFeatureOfOneValueIsRefusedWithItsLineAndTheColumns() throws IOException {
        Path config = purchases();
        Files.writeString(
                config,
                Files.readString(config)
                        + "\ndataset.features = [{ name = x, type = sparse, expression = \"length(shop) > 0\" }]\n");
        int line = Files.readAllLines(config).size();
        CommandRun run = command("describe", config);
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err())
                .contains(
                        config + ":" + line + ": feature x has only the value true in train",
                        "(length(shop) > 0)",
                        "Columns: user, item, time, price, shop.");
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

    /** The results of all three models over the same prepared data. */
    private List<JsonNode> runAll(Path config, String... overrides) throws IOException {
        List<JsonNode> results = new ArrayList<>();
        for (String model : ModelRegistry.names()) {
            results.add(run(model, config, overrides));
        }
        assertThat(results).hasSize(3);
        return results;
    }

    private JsonNode run(String model, Path config, String... overrides) throws IOException {
        List<String> options = new ArrayList<>(List.of("--override", "model_name=" + model));
        options.addAll(List.of(overrides));
        CommandRun run = command("pipeline", config, options.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return new ObjectMapper().readTree(folder.resolve("run/results.json").toFile());
    }

    private List<Row> predict(Path config, Path input, String... options) {
        List<String> all = new ArrayList<>(List.of("--input", input.toString()));
        all.addAll(List.of("--output", folder.resolve("predictions").toString()));
        all.addAll(List.of(options));
        CommandRun run = command("predict", config, all.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        return ParquetRows.of(folder.resolve("predictions"));
    }

    private static CommandRun command(String command, Path config, String... options) {
        List<String> all = new ArrayList<>(List.of(command, "--config", config.toString(), "--master", "local[1]"));
        all.addAll(List.of(options));
        return CommandRun.of(all.toArray(String[]::new));
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

    /** Interactions and users in JSON, items between {@code ::}; no types are given for JSON. */
    private Path visits() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        List<String> visits = new ArrayList<>();
        List<String> people = new ArrayList<>();
        for (int who = 0; who < 12; who++) {
            people.add("{\"who\": " + who + (who % 4 == 3 ? "" : ", \"age\": " + (18 + who % 3)) + "}");
            for (int i = 0; i < 5; i++) {
                visits.add("{\"who\": " + who + ", \"page\": \"p" + (who + i) % 6 + "\", \"label\": " + (who + i) % 2
                        + ", \"hour\": " + random.nextInt(24) + "}");
            }
        }
        Files.createDirectories(folder.resolve("people.json"));
        Files.write(folder.resolve("people.json/part-0.json"), people.subList(0, 6));
        Files.write(folder.resolve("people.json/part-1.json"), people.subList(6, 12));
        Files.write(folder.resolve("visits.json"), visits);
        Files.write(
                folder.resolve("pages.dat"),
                List.of("p0::a|b", "p1::b", "p2::", "p3::a", "p4::c|a", "p5::b|c"));
        return config(
                """
                dataset {
                  interactions { path = "%1$s/visits.json", format = json }
                  users { path = "%1$s/people.json", format = json }
                  items { path = "%1$s/pages.dat", format = tsv, delimiter = "::", columns = "page STRING, tags STRING" }
                  user = who
                  item = page
                  label = label
                  features = [
                    { name = age, type = sparse, group = user, embedding_dim = 2 }
                    { name = page, type = sparse, group = item, embedding_dim = 2 }
                    { name = tags, type = sequence, group = item, expression = "split(tags, '[|]')", max_length = 2 }
                    { name = night, type = sparse, expression = "hour < 6", embedding_dim = 2 }
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
