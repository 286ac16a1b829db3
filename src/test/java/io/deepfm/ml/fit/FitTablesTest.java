package io.deepfm.ml.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.pipeline.lock.Lock;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The rows that a fit keeps. */
class FitTablesTest {

    @TempDir
    private java.nio.file.Path folder;

    private final SparkSession spark = SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate();
    private final Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());

    @AfterEach
    void stop() {
        spark.stop();
    }

    @Test
    void theSameRowsAreWrittenOnce() {
        FitTables first = write();
        FileStatus written = storage.matching(first.interactions()).get(0);
        assertThat(write()).isEqualTo(first);
        assertThat(storage.matching(first.interactions())).containsExactly(written);
    }

    /** As where a folder is moved file by file and that was stopped in the midst. */
    @Test
    void aPartOfTheRowsIsNotTakenForAll() {
        FitTables first = write();
        Path rows = first.interactions().getParent();
        storage.list(rows).stream()
                .map(FileStatus::getPath)
                .filter(file -> !file.equals(first.interactions()))
                .forEach(storage::delete);
        storage.matching(first.interactions()).forEach(file -> storage.delete(file.getPath()));
        assertThat(write()).isEqualTo(first);
        assertThat(spark.read().parquet(first.interactions().toString()).count())
                .isEqualTo(3);
    }

    @Test
    void whatAKilledFitLeftIsDeletedWhileNoOtherWrites() {
        Path left = new Path(folder.toString(), ".rows-1234/interactions/part");
        storage.write(left, "half");
        List<String> waits = new ArrayList<>();
        Lock other = Lock.await(storage, new Path(folder.toString(), ".lock-rows"), "fit", why -> {});
        FitTables rows = write(why -> {
            waits.add(why);
            assertThat(storage.exists(left)).isTrue();
            other.close();
        });
        assertThat(waits).hasSize(1);
        assertThat(storage.list(new Path(folder.toString())))
                .singleElement()
                .extracting(FileStatus::getPath)
                .isEqualTo(rows.interactions().getParent());
    }

    private FitTables write() {
        return write(why -> {});
    }

    private FitTables write(Consumer<String> onWait) {
        return FitTables.write(
                spark.range(3).selectExpr("id AS item"),
                Optional.empty(),
                Optional.empty(),
                storage,
                new Path(folder.toString()),
                onWait);
    }
}
