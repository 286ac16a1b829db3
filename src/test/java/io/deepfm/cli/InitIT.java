package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of several kinds to a first configuration, on which a pipeline runs as it is. */
@Tag("proof")
class InitIT {

    private static final List<String> GENRES = List.of("Drama", "Comedy", "Action", "Sci-Fi", "War");

    @TempDir
    private Path folder;

    @Test
    void csvWithAHeader() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        List<String> lines = new ArrayList<>(List.of("customer_id,sku,bought at,price,shop,clicked,note"));
        for (int i = 0; i < 600; i++) {
            int user = random.nextInt(40);
            lines.add(String.format(
                    Locale.ROOT,
                    "c%d,\"sku, %d\",2024-01-%02d 10:%02d:00,%s,%s,%d,note number %d",
                    user,
                    (user + random.nextInt(20)) % 50,
                    1 + i / 25,
                    i % 60,
                    i % 9 == 0 ? "" : String.format(Locale.ROOT, "%.2f", 1 + random.nextInt(1000) / 7.0),
                    random.nextBoolean() ? "web" : "city",
                    random.nextInt(2),
                    i));
        }
        Path file = Files.write(folder.resolve("purchases.csv"), lines);
        String conf = init("--interactions", file.toString());
        assertThat(conf)
                .contains("text with ',' between columns, with a header, 600 rows")
                .contains("user = customer_id", "item = sku", "time = \"`bought at`\"", "label = clicked")
                .contains("split_strategy = leave_one_out", "num_neg_eval = all")
                .containsPattern("name = price, type = dense, group = context")
                .containsPattern("# price: [0-9]+ distinct values, 11.2 % missing: a number from")
                .containsPattern("name = shop, type = sparse, group = context")
                .contains("# note: 600 distinct values, none missing: left out, as nearly every row");
        assertThat(pipeline().at("/test_metrics/HR@10").isNumber()).isTrue();
    }

    /** MovieLens-1M's three files. */
    @Test
    void colonsWithoutAHeaderAndTwoTables() throws IOException {
        SplittableRandom random = new SplittableRandom(2);
        List<String> ratings = new ArrayList<>();
        List<String> users = new ArrayList<>();
        List<String> movies = new ArrayList<>();
        for (int user = 1; user <= 60; user++) {
            users.add(user + "::" + "FM".charAt(user % 2) + "::"
                    + List.of(1, 18, 25, 35).get(user % 4) + "::" + user % 7 + "::" + (10000 + 371 * user));
            for (int i = 0; i < 12; i++) {
                ratings.add(user + "::" + (1 + (user * 5 + i * 3) % 45) + "::" + (1 + random.nextInt(5)) + "::"
                        + (978_300_000 + 1000 * i + user));
            }
        }
        for (int movie = 1; movie <= 45; movie++) {
            movies.add(movie + "::Fílm, The " + movie + " (19" + (50 + movie) + ")::" + GENRES.get(movie % 5) + "|"
                    + GENRES.get(movie % 3));
        }
        Path file = Files.write(folder.resolve("ratings.dat"), ratings);
        String conf = init(
                "--interactions",
                file.toString(),
                "--users",
                Files.write(folder.resolve("users.dat"), users).toString(),
                "--items",
                Files.write(folder.resolve("movies.dat"), movies, StandardCharsets.ISO_8859_1)
                        .toString());
        assertThat(conf)
                .contains(
                        "user BIGINT, item BIGINT, rating BIGINT, time BIGINT",
                        "delimiter = \"::\"",
                        "encoding = ISO-8859-1")
                .contains("user = user", "item = item", "time = time", "label = \"rating >= \"${data.label_threshold}")
                .contains("label_threshold = 4.0")
                .contains("split(item_c3, '[|]')", "max_length = 2")
                .contains("# item_c2: 45 distinct values");
        assertThat(pipeline().at("/test_metrics/HR@10").isNumber()).isTrue();
    }

    @Test
    void jsonLines() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            int user = random.nextInt(30);
            lines.add("{\"reviewer\": \"u" + user + "\", \"asin\": \"B" + (user + random.nextInt(25)) % 40
                    + "\", \"overall\": " + (1 + random.nextInt(5)) + ".0, \"unixReviewTime\": "
                    + (1_400_000_000 + 977 * i)
                    + ", \"tags\": [\"t" + i % 4 + "\", \"t" + i % 7 + "\"], \"verified\": " + (i % 3 == 0)
                    + ", \"style\": {\"color\": \"red\"}}");
        }
        String conf = init(
                "--interactions",
                Files.write(folder.resolve("reviews.json"), lines).toString());
        assertThat(conf)
                .contains("format = json", "user = reviewer", "item = asin", "time = unixReviewTime", "overall >= ")
                .contains("ignored, as no feature takes their types: style")
                .contains("{ name = tags, type = sequence, group = context, max_length = 2")
                .containsPattern("name = verified, type = sparse");
        assertThat(pipeline().at("/test_metrics/HR@10").isNumber()).isTrue();
    }

    @Test
    void parquet() throws IOException {
        try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
            spark.range(600)
                    .selectExpr(
                            "id % 30 AS user",
                            "(id % 30 + id % 17) % 40 AS product",
                            "timestamp_seconds(1700000000 + id * 3600) AS ts",
                            "double(id * 7919 % 101) / 3 AS amount",
                            "id % 5 AS device")
                    .write()
                    .parquet(folder.resolve("events").toString());
        }
        String conf = init("--interactions", folder.resolve("events").toString());
        assertThat(conf)
                .contains("format = parquet", "user = user", "item = product", "time = ts")
                .contains("nothing looks like a label, so every row is a positive")
                .containsPattern("name = amount, type = dense")
                .containsPattern("name = device, type = sparse");
        assertThat(pipeline().at("/test_metrics/HR@10").isNumber()).isTrue();
    }

    /** Criteo's display advertising logs: a label, 13 counts and 26 hashed categories, compressed. */
    @Test
    void aClickLogInCriteosFormat() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        Path file = folder.resolve("day_0.tsv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < 800; i++) {
                StringBuilder line = new StringBuilder(Integer.toString(random.nextInt(4) == 0 ? 1 : 0));
                for (int k = 1; k <= 13; k++) {
                    line.append('\t')
                            .append(random.nextInt(5) == 0 ? "" : random.nextInt(2 * k) * random.nextInt(3 * k));
                }
                for (int k = 1; k <= 26; k++) {
                    int value = random.nextInt(3 * k) * 7919 + k;
                    line.append('\t').append(random.nextInt(9) == 0 ? "" : String.format("%08x", value * 0x9e3779b1));
                }
                out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        String conf = init("--interactions", file.toString());
        assertThat(conf)
                .contains("text with a tab between columns, without a header, 800 rows")
                .contains("clicked BIGINT, i1 BIGINT", "c26 STRING", "label = clicked", "metric = logloss")
                .contains("this is a log: nothing is sampled or ranked", "split_strategy = random");
        assertThat(conf.lines().filter(line -> line.contains("type = dense, group")))
                .hasSize(13);
        assertThat(conf.lines().filter(line -> line.contains("type = sparse, group")))
                .hasSize(26);
        assertThat(pipeline().at("/test_metrics/auc").isNumber()).isTrue();
    }

    @Test
    void whatCannotBeReadIsSaid() throws IOException {
        assertThat(failure(Main.EXIT_DATA, "missing.csv")).contains("There is no file", "missing.csv");
        Files.writeString(folder.resolve("empty.csv"), "\n\n");
        assertThat(failure(Main.EXIT_DATA, "empty.csv")).contains("empty.csv is empty");
        Files.write(folder.resolve("binary.dat"), new byte[] {1, 0, 2, 0, 3});
        assertThat(failure(Main.EXIT_DATA, "binary.dat")).contains("binary.dat is a binary file", "Convert it");
        Files.write(folder.resolve("packed.csv"), new byte[] {0x1f, (byte) 0x8b, 8, 0});
        assertThat(failure(Main.EXIT_DATA, "packed.csv")).contains("compressed with gzip", "Rename it");
        Files.writeString(folder.resolve("odd.csv"), "colour,size\nred,1.5\nblue,2.5\nred,3.5\n");
        assertThat(failure(Main.EXIT_DATA, "odd.csv")).contains("colour, size", "label");
        Files.writeString(folder.resolve("my.conf"), "# mine\n");
        assertThat(failure(Main.EXIT_CONFIG, "odd.csv")).contains("my.conf: the file already exists", "--force");
        assertThat(Files.readString(folder.resolve("my.conf"))).isEqualTo("# mine\n");
    }

    private String failure(int code, String file) {
        CommandRun run = CommandRun.of(
                "init",
                "--interactions",
                folder.resolve(file).toString(),
                "--output",
                conf().toString(),
                "--master",
                "local[1]");
        assertThat(run.exitCode()).isEqualTo(code);
        return run.err();
    }

    private Path conf() {
        return folder.resolve("my.conf");
    }

    private String init(String... options) {
        List<String> all = new ArrayList<>(List.of("init", "--output", conf().toString(), "--master", "local[1]"));
        all.addAll(List.of(options));
        CommandRun run = CommandRun.of(all.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        try {
            return Files.readString(conf());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Runs on the configuration as it was written; only folders, and how long it takes, are the test's own. */
    private JsonNode pipeline() {
        CommandRun run = CommandRun.of(
                "pipeline",
                "--config",
                conf().toString(),
                "--override",
                "work_dir=" + folder.resolve("work"),
                "output_dir=" + folder.resolve("run"),
                "training.epochs=1",
                "evaluation.baselines=[popularity]",
                "evaluation.label_baselines=[constant]",
                "--master",
                "local[2]");
        assertThat(run.err()).as(run.out()).isEmpty();
        assertThat(run.exitCode()).isZero();
        try {
            return new ObjectMapper()
                    .readTree(folder.resolve("run/results.json").toFile());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
