package io.deepfm.data.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.config.DataConfig.RawDigest;
import io.deepfm.config.Located;
import io.deepfm.dataset.TableSource;
import io.deepfm.dataset.TableSourceBuilder;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What makes a raw file another one, for which the stages run again. */
class RawFilesTest {

    private static final FileTime THEN = FileTime.fromMillis(1_600_000_000_000L);

    private static SparkSession spark;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("a.csv");
        write("1,2");
    }

    @Test
    void touchedFilesAreOthersUnlessTheirContentsAreRead() throws IOException {
        String known = fingerprint(RawDigest.NONE);
        String read = fingerprint(RawDigest.SHA256);
        Files.setLastModifiedTime(file, FileTime.fromMillis(THEN.toMillis() + 1000));
        assertThat(fingerprint(RawDigest.NONE)).isNotEqualTo(known);
        assertThat(fingerprint(RawDigest.SHA256)).isEqualTo(read);
    }

    @Test
    void otherContentOfTheSameLengthAndTimeIsSeenByThoseWhoReadAlone() throws IOException {
        String known = fingerprint(RawDigest.NONE);
        String read = fingerprint(RawDigest.SHA256);
        write("1,3");
        assertThat(fingerprint(RawDigest.NONE)).isEqualTo(known);
        assertThat(fingerprint(RawDigest.SHA256)).isNotEqualTo(read);
    }

    @Test
    void anotherLengthIsAlwaysSeen() throws IOException {
        String known = fingerprint(RawDigest.NONE);
        write("1,23");
        assertThat(fingerprint(RawDigest.NONE)).isNotEqualTo(known);
    }

    private void write(String text) throws IOException {
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, THEN);
    }

    private String fingerprint(RawDigest digest) {
        TableSource source = new TableSourceBuilder(Located.of(file.toString()), "csv")
                .columns(Optional.of(Located.of("a INT, b INT")))
                .build();
        return new RawFiles(spark, new Storage(new Configuration()), digest).fingerprint(source);
    }
}
