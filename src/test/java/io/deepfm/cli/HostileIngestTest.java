package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.deepfm.Mutations;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileUtil;
import org.apache.spark.sql.SparkSession;

/** Damaged raw files through the whole command: an error that names one of them, or all that they hold. */
@Tag("proof")
class HostileIngestTest {

    private static final Duration LONG = Duration.ofMinutes(2);

    private static Path folder;
    private static Path text;
    private static Path columns;
    private static byte[] parquet;

    @BeforeContainer
    static void write() throws IOException {
        folder = Files.createTempDirectory("deepfm-hostile");
        text = Files.createDirectories(folder.resolve("text"));
        OwnDatasets own = new OwnDatasets(Files.createDirectories(folder.resolve("own")));
        columns = own.purchases();
        try (SparkSession spark = ParquetRows.session()) {
            spark.read()
                    .option("header", "true")
                    .option("inferSchema", "true")
                    .csv(own.folder().resolve("purchases.csv").toString())
                    .coalesce(1)
                    .write()
                    .parquet(own.folder().resolve("written").toString());
        }
        Storage storage = new Storage(new Configuration());
        parquet = storage.readBytes(storage.files(
                        new org.apache.hadoop.fs.Path(
                                own.folder().resolve("written").toString()),
                        ".parquet")
                .get(0)
                .getPath());
        Files.writeString(
                columns,
                Files.readString(columns) + "\ndataset.interactions = null\ndataset.interactions { path = \""
                        + damagedParquet() + "\", format = parquet }\n");
    }

    @AfterContainer
    static void delete() {
        FileUtil.fullyDelete(folder.toFile());
    }

    @Property(tries = 4, shrinking = ShrinkingMode.OFF)
    void aDamagedTextFileIsRefusedOrItsRowsAreTaken(@ForAll long seed) throws IOException {
        Path config = RawFiles.write(text);
        Random random = new Random(seed);
        Path raw = text.resolve("raw");
        Path damaged = raw.resolve(List.of("u.data", "u.user", "u.item").get(random.nextInt(3)));
        Files.write(damaged, Mutations.of(Files.readAllBytes(damaged), random));

        if (ingest(config, raw.resolve("u."))) {
            assertThat(ParquetRows.of(text.resolve("work/interactions")).stream()
                            .map(row -> row.<Number>getAs("user_id") + "\t" + row.<Number>getAs("movie_id") + "\t"
                                    + row.<Number>getAs("rating").intValue() + "\t" + row.<Number>getAs("timestamp")))
                    .containsExactlyInAnyOrderElementsOf(
                            Files.readAllLines(raw.resolve("u.data"), StandardCharsets.ISO_8859_1));
        }
    }

    /** Nothing tells what the file held before: one that is whole to all appearance counts for what it says. */
    @Property(tries = 25, shrinking = ShrinkingMode.OFF)
    void aDamagedParquetFileIsRefusedOrReadButNeverWaitedFor(@ForAll long seed) throws IOException {
        Files.write(damagedParquet(), Mutations.of(parquet, new Random(seed)));
        ingest(columns, damagedParquet());
    }

    private static Path damagedParquet() {
        return folder.resolve("own/purchases.parquet");
    }

    /** Whether the files are taken; errors name one, or what the configuration wants that is not in it. */
    private static boolean ingest(Path config, Path names) {
        CommandRun run = assertTimeoutPreemptively(LONG, () -> OwnDatasets.command("ingest", config, "--force"));
        assertThat(run.out() + run.err()).doesNotContain("\tat ");
        if (run.exitCode() != 0) {
            assertThat(run.exitCode()).as(run.err()).isIn(Main.EXIT_DATA, Main.EXIT_CONFIG);
            assertThat(run.err()).contains(run.exitCode() == Main.EXIT_DATA ? names.toString() : config + ":");
        }
        return run.exitCode() == 0;
    }
}
