package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.model.io.SavedModel;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code predict} and {@code recommend} write, of which items, and how: with a model's folder and nothing else. */
class OutputOptionsTest {

    private static final int USERS = 12;

    @TempDir
    private Path folder;

    @BeforeEach
    void copyAModel() throws IOException {
        RawFiles.write(folder);
        FileUtils.copyDirectory(
                FinishedRun.get().folder().resolve("run/model").toFile(),
                folder.resolve("model").toFile());
    }

    @Test
    void csvIsOneFileOfTheNameGivenWithTheSameRows() throws IOException {
        Path input = Files.writeString(folder.resolve("new.data"), "1\t2\n1\t77\n90\t2\n");
        List<Row> rows = rows("predict", "--input", input.toString());
        assertThat(csv("predict", "--input", input.toString()))
                .containsExactly(
                        "line,user_id,movie_id,probability,unknown_user,unknown_item",
                        rows.get(0).mkString(","),
                        rows.get(1).mkString(","),
                        rows.get(2).mkString(","));
        List<Row> top = rows("recommend", "--top", "3", "--master", "local[3]");
        List<String> lines = csv("recommend", "--top", "3", "--master", "local[3]");
        assertThat(lines.get(0)).isEqualTo("user,item,probability,rank");
        assertThat(lines.subList(1, lines.size()))
                .isEqualTo(top.stream().map(row -> row.mkString(",")).toList());
        CommandRun again =
                run("recommend", "--csv", "--output", folder.resolve("out.csv").toString());
        assertThat(again.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(again.err()).contains("out.csv: the output already exists");
        CommandRun folderThere =
                run("recommend", "--csv", "--output", folder.resolve("out").toString());
        assertThat(folderThere.err()).contains("there is a folder of this name already");
    }

    @Test
    void fewRowsAreOneParquetFileInOrder() throws IOException {
        List<Row> rows = rows("recommend", "--master", "local[3]");
        try (Stream<Path> files = Files.list(folder.resolve("out"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".parquet")))
                    .hasSize(1);
        }
        assertThat(rows).hasSize(10 * USERS);
        assertThat(rows).extracting(row -> row.getLong(0)).isSorted();
    }

    @Test
    void sparkWritesWhateverItKnows() throws IOException, SQLException {
        List<Row> expected = rows("recommend", "--top", "2");
        String orc = folder.resolve("orc").toString();
        assertThat(run("recommend", "--top", "2", "--format", "orc", "--output", orc)
                        .exitCode())
                .isZero();
        CommandRun again = run("recommend", "--top", "2", "--format", "orc", "--output", orc);
        assertThat(again.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(again.err()).contains(orc + ": the output already exists", "--force");
        String warehouse = folder.resolve("warehouse").toString();
        System.setProperty("spark.sql.warehouse.dir", warehouse);
        try {
            assertThat(run("recommend", "--top", "2", "--table", "best").exitCode())
                    .isZero();
        } finally {
            System.clearProperty("spark.sql.warehouse.dir");
        }
        try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
            assertThat(spark.read().orc(orc).collectAsList()).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(spark.read().parquet(warehouse + "/best").collectAsList())
                    .containsExactlyInAnyOrderElementsOf(expected);
        }
        String url = "jdbc:h2:mem:out;DB_CLOSE_DELAY=-1";
        assertThat(run(
                                "recommend",
                                "--top",
                                "2",
                                "--format",
                                "jdbc",
                                "--option",
                                "url=" + url,
                                "--option",
                                "dbtable=BEST")
                        .exitCode())
                .isZero();
        try (Connection database = DriverManager.getConnection(url);
                ResultSet rows = database.createStatement().executeQuery("SELECT COUNT(*) FROM BEST")) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(expected.size());
        }
    }

    @Test
    void onlyAnOutputIsEverReplaced() throws IOException {
        Path data = folder.resolve("raw/events");
        try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
            spark.range(3).write().parquet(data.toString());
        }
        CommandRun typo = run("recommend", "--force", "--output", data.toString());
        assertThat(typo.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(typo.err()).contains("not marked as an output", "earlier version", "delete it by hand");
        assertThat(ParquetRows.of(data)).hasSize(3);
    }

    @Test
    void anOutputDoesNotReplaceWhatIsRead() throws IOException {
        Path keys =
                Files.writeString(Files.createDirectory(folder.resolve("keys")).resolve("a.csv"), "7\n3\n");
        for (String items : List.of(keys.toString(), folder + "/keys", folder + "/*/a.csv")) {
            CommandRun run = run("recommend", "--items", items, "--force", "--output", folder + "/keys");
            assertThat(run.exitCode()).as(items).isEqualTo(Main.EXIT_CONFIG);
            assertThat(run.err()).contains("the output would replace file:" + folder + "/keys", "which is read");
        }
        assertThat(run("recommend", "--items", keys.toString(), "--csv", "--force", "--output", keys.toString())
                        .err())
                .contains("the output would replace file:" + keys);
        assertThat(keys).content().isEqualTo("7\n3\n");
        assertThat(run("recommend", "--force", "--output", folder.toString()).err())
                .contains("the output would replace file:" + folder.resolve("model"));
    }

    @Test
    void anOutputDoesNotLieWithinTheModel() {
        CommandRun within = run("recommend", "--output", folder + "/model/top10");
        assertThat(within.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(within.err()).contains("--output " + folder + "/model/top10", "in the folder of the model");
        assertThat(run("recommend", "--csv", "--output", folder + "/model.csv").exitCode())
                .isZero();
    }

    @Test
    void whatAKilledCommandLeftBesideTheOutputIsDeleted() throws IOException {
        Path left = KilledCommand.in(folder);
        csv("recommend");
        assertThat(left).doesNotExist();
        assertThat(folder).isDirectoryNotContaining("glob:**/.{tmp,scratch}-*");
    }

    @Test
    void aNameWithAColonNeedsAFolderBeforeIt() throws IOException {
        for (String option : List.of("--output", "--users", "--items", "--history", "--checkpoint")) {
            CommandRun bare = CommandRun.of("recommend", option, "top-2026-01-31T10:00.csv");
            assertThat(bare.exitCode()).isEqualTo(Main.EXIT_CONFIG);
            assertThat(bare.err())
                    .contains(
                            "option '" + option + "'", "before the colon", "Write ./top-2026-01-31T10:00.csv instead.");
        }
        Path input = Files.writeString(folder.resolve("new.data"), "1\t2\n");
        Path output = folder.resolve("top-10:00.csv");
        good("predict", output, "--input", input.toString(), "--csv");
        assertThat(output).content().hasLineCount(2);
    }

    @Test
    void anOutputHasOnePlace() {
        assertThat(run("recommend").err()).contains("Where should it go?");
        assertThat(run("recommend", "--output", "a", "--table", "b").err()).contains("give one of them");
        assertThat(run("recommend", "--output", "a", "--csv", "--format", "orc").err())
                .contains("--csv writes one file");
        assertThat(run("recommend", "--output", "a", "--option", "b=c").err()).contains("--option is for");
    }

    @Test
    void columnsOfTheItemsStandBesideThem() {
        List<Row> rows = rows("recommend", "--top", "2", "--columns", "title,release_date");
        assertThat(rows.get(0).schema().fieldNames())
                .containsExactly("user", "item", "probability", "rank", "title", "release_date");
        assertThat(rows)
                .allSatisfy(row -> assertThat(row.getString(4)).isEqualTo("Film n\u00b0 " + row.get(1) + " (1995)"));
        CommandRun wrong = run(
                "recommend",
                "--columns",
                "titel",
                "--output",
                folder.resolve("no").toString());
        assertThat(wrong.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(wrong.err()).contains("--columns titel", "Did you mean title?", "movie_id, title, release_date");
    }

    @Test
    void itemsOfAFileAloneAreRecommended() throws IOException {
        List<Row> all = rows("recommend", "--top", "20", "--include-seen");
        Path keys = Files.writeString(folder.resolve("stock.txt"), "7\n3\n99\n3\n20\n");
        CommandRun run = run(
                "recommend",
                "--items",
                keys.toString(),
                "--include-seen",
                "--force",
                "--output",
                folder.resolve("out").toString());
        assertThat(run.out()).contains("1 items of " + keys + " are ignored");
        List<Row> some = ParquetRows.of(folder.resolve("out"));
        assertThat(pairs(some))
                .isEqualTo(pairs(all.stream()
                        .filter(row -> Set.of(3L, 7L, 20L).contains(row.getLong(1)))
                        .toList()));
        assertThat(some).extracting(row -> row.getInt(3)).startsWith(1, 2, 3, 1);
        List<String> lines =
                Files.readAllLines(folder.resolve("raw/u.item"), java.nio.charset.StandardCharsets.ISO_8859_1);
        Path table = Files.write(
                folder.resolve("stock.item"),
                List.of(lines.get(6), lines.get(2), lines.get(19)),
                java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(rows("recommend", "--items", table.toString(), "--include-seen"))
                .isEqualTo(some);
        // Seen ones are left out of the chosen ones, too: user 1 has seen items 2, 5, 8, 11, 14, 17 and 20.
        assertThat(rows("recommend", "--items", keys.toString()))
                .filteredOn(row -> row.getLong(0) == 1)
                .extracting(row -> row.getLong(1))
                .containsExactlyInAnyOrder(3L, 7L);
        CommandRun none = run(
                "recommend",
                "--items",
                Files.writeString(folder.resolve("none.txt"), "99\n").toString(),
                "--output",
                folder.resolve("no").toString());
        assertThat(none.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(none.err()).contains("none.txt", "knows none");
    }

    @Test
    void itemsThatTrainNeverSawMayBeLeftOut() throws IOException {
        Path catalogue = folder.resolve("model/catalogue");
        try (SparkSession spark = SparkSession.builder().master("local[1]").getOrCreate()) {
            // As if item 5 were in no training row.
            spark.read()
                    .parquet(catalogue.toString())
                    .withColumn(
                            "_train_interactions",
                            functions
                                    .when(functions.col("movie_id").equalTo(5), 0L)
                                    .otherwise(functions.col("_train_interactions")))
                    .write()
                    .parquet(folder.resolve("other").toString());
        }
        FileUtils.deleteDirectory(catalogue.toFile());
        FileUtils.moveDirectory(folder.resolve("other").toFile(), catalogue.toFile());
        Files.delete(folder.resolve("model/SHA256SUMS"));
        assertThat(rows("recommend", "--top", "20", "--include-seen"))
                .extracting(row -> row.getLong(1))
                .contains(5L);
        assertThat(rows("recommend", "--top", "20", "--include-seen", "--cold-items", "exclude"))
                .hasSize(19 * USERS)
                .extracting(row -> row.getLong(1))
                .doesNotContain(5L);
    }

    @Test
    void similarItemsHaveTheLargestCosineOfTheItemsOwnVectors() throws IOException {
        Path asked = Files.writeString(folder.resolve("asked.txt"), "9\n4\n");
        List<Row> rows = rows("recommend", "--similar-items", asked.toString(), "--top", "5", "--columns", "title");
        assertThat(rows.get(0).schema().fieldNames())
                .containsExactly("item", "similar_item", "cosine", "rank", "title");
        assertThat(rows).extracting(row -> row.getLong(0)).containsExactly(9L, 9L, 9L, 9L, 9L, 4L, 4L, 4L, 4L, 4L);
        Map<Long, float[]> vectors = vectors();
        for (int part = 0; part < 2; part++) {
            long item = part == 0 ? 9 : 4;
            List<Long> nearest = vectors.keySet().stream()
                    .filter(other -> other != item)
                    .sorted(Comparator.comparingDouble(other -> -cosine(vectors.get(item), vectors.get(other))))
                    .limit(5)
                    .toList();
            List<Row> own = rows.subList(5 * part, 5 * part + 5);
            assertThat(own).extracting(row -> row.getLong(1)).isEqualTo(nearest);
            for (Row row : own) {
                assertThat(row.getDouble(2))
                        .isCloseTo(cosine(vectors.get(item), vectors.get(row.getLong(1))), within(1e-5));
                assertThat(row.getString(4)).contains(" " + row.get(1) + " ");
            }
        }
        CommandRun both = run("recommend", "--similar-items", asked.toString(), "--include-seen", "--output", "x");
        assertThat(both.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(both.err()).contains("--similar-items", "--include-seen");
    }

    @Test
    void aModelOfAnEarlierVersionSaysWhatItLacks() throws IOException {
        FileUtils.deleteDirectory(folder.resolve("model/catalogue").toFile());
        Files.delete(folder.resolve("model/SHA256SUMS"));
        assertThat(rows("recommend")).hasSize(10 * USERS);
        CommandRun run = run(
                "recommend",
                "--columns",
                "title",
                "--output",
                folder.resolve("no").toString());
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(run.err()).contains("model has no catalogue", "earlier version", "Train again");
    }

    @Test
    void withoutAModelThereIsNothingToDo() {
        CommandRun run =
                CommandRun.of("recommend", "--output", folder.resolve("out").toString());
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err()).contains("--checkpoint DIR", "--config FILE");
        assertThat(CommandRun.of("train").err()).contains("Missing required option: '--config=FILE'");
    }

    private Map<Long, float[]> vectors() {
        SavedModel model = SavedModel.read(
                new Storage(new Configuration()),
                new org.apache.hadoop.fs.Path(folder.resolve("model").toString()));
        float[] table = model.vectors("movie_id").values();
        int dim = (int) model.vectors("movie_id").shape()[1];
        Map<Long, float[]> vectors = new HashMap<>();
        for (Row row : ParquetRows.of(folder.resolve("model/items"))) {
            int id = row.<Integer>getAs("movie_id");
            float[] vector = new float[dim];
            System.arraycopy(table, id * dim, vector, 0, dim);
            vectors.put(row.<Long>getAs("item_key"), vector);
        }
        return vectors;
    }

    private static double cosine(float[] a, float[] b) {
        return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
    }

    private static double dot(float[] a, float[] b) {
        return IntStream.range(0, a.length)
                .mapToDouble(i -> (double) a[i] * b[i])
                .sum();
    }

    private static List<String> pairs(List<Row> rows) {
        return rows.stream().map(row -> row.get(0) + " " + row.get(1)).collect(Collectors.toList());
    }

    private List<Row> rows(String command, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        if (!all.contains("--force")) {
            all.add("--force");
        }
        good(command, folder.resolve("out"), all.toArray(String[]::new));
        return ParquetRows.of(folder.resolve("out"));
    }

    private List<String> csv(String command, String... options) throws IOException {
        List<String> all = new ArrayList<>(List.of(options));
        all.addAll(List.of("--csv", "--force"));
        good(command, folder.resolve("out.csv"), all.toArray(String[]::new));
        return Files.readAllLines(folder.resolve("out.csv"));
    }

    private void good(String command, Path output, String... options) {
        List<String> all = new ArrayList<>(List.of("--output", output.toString()));
        all.addAll(List.of(options));
        CommandRun run = run(command, all.toArray(String[]::new));
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    private CommandRun run(String command, String... options) {
        List<String> all = new ArrayList<>(
                List.of(command, "--checkpoint", folder.resolve("model").toString()));
        all.addAll(List.of(options));
        if (!all.contains("--master")) {
            all.addAll(List.of("--master", "local[1]"));
        }
        return CommandRun.of(all.toArray(String[]::new));
    }
}
