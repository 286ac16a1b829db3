package io.deepfm.data.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.pipeline.lock.Lock;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries whose rows several sessions share. */
class TakenRowsTest {

    private static final String SHOP =
            """
            { interactions { sql = "SELECT customer, sku FROM bought" }, users { sql = "SELECT DISTINCT customer FROM bought" },
              user = customer, item = sku, features = [{ name = sku, type = sparse, group = item%s }] }
            """;

    @TempDir
    private java.nio.file.Path folder;

    private final SparkSession spark = SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .getOrCreate();
    private final Storage storage = new Storage(spark.sparkContext().hadoopConfiguration());
    private final List<String> taken = new ArrayList<>();
    private final List<String> waits = new ArrayList<>();
    private Consumer<String> onWait = waits::add;

    @AfterEach
    void stop() {
        spark.stop();
    }

    @Test
    void theyAreTakenOverOnceWhateverBecomesOfTheTables() {
        TakenRows shared = new TakenRows(new Path(folder.toString(), "sources"));
        bought(3);
        DatasetDefinition first = inFiles(shared, "");
        assertThat(taken).containsExactlyInAnyOrder("3 interactions", "1 users");

        bought(4);
        DatasetDefinition second = inFiles(shared, ", min_frequency = 2");
        assertThat(taken).hasSize(2);
        assertThat(second.interactions()).isEqualTo(first.interactions());
        assertThat(second.users()).isEqualTo(first.users());

        inFiles(new TakenRows(shared.folder()), "");
        assertThat(taken).as("by sessions that share nothing").hasSize(4).contains("4 interactions");
    }

    @Test
    void whatAnotherCommandHasDeletedIsTakenOverAgain() {
        TakenRows shared = new TakenRows(new Path(folder.toString(), "sources"));
        DatasetDefinition first = takenOverAndDeleted(shared);
        assertThat(inFiles(shared, "")).isEqualTo(first);
        assertThat(taken).containsExactlyInAnyOrder("3 interactions", "1 users", "3 interactions");
    }

    /** As where a folder is moved file by file and that was stopped in the midst. */
    @Test
    void aPartOfTheRowsIsNotTakenForAll() {
        Path sources = new Path(folder.toString(), "sources");
        bought(3);
        Path rows = new Path(
                inFiles(new TakenRows(sources), "").interactions().path().text());
        storage.list(rows).stream()
                .map(FileStatus::getPath)
                .filter(file -> !file.getName().equals("_SUCCESS"))
                .forEach(storage::delete);
        assertThat(inFiles(new TakenRows(sources), "").interactions().path().text())
                .isEqualTo(rows.toString());
        assertThat(spark.read().parquet(rows.toString()).count()).isEqualTo(3);
    }

    @Test
    void whatAKilledCommandLeftIsDeleted() {
        Path sources = new Path(folder.toString(), "sources");
        storage.write(new Path(sources, ".tmp-interactions-1234/part"), "half");
        bought(3);
        inFiles(new TakenRows(sources), "");
        assertThat(storage.list(sources))
                .extracting(entry -> entry.getPath().getName())
                .hasSize(2)
                .noneMatch(name -> name.startsWith("."));
    }

    @Test
    void oneCommandAtATimeTakesRowsOver() {
        Path sources = new Path(folder.toString(), "sources");
        Path others = new Path(sources, ".tmp-interactions-1234/part");
        storage.write(others, "being written");
        Lock other = Lock.await(storage, new Path(sources, ".lock"), "train", why -> {});
        onWait = why -> {
            waits.add(why);
            assertThat(storage.exists(others)).isTrue();
            other.close();
        };
        bought(3);
        inFiles(new TakenRows(sources), "");
        assertThat(waits).singleElement().asString().contains("sources: waiting for process", "(deepfm train)");
    }

    @Test
    void rowsThatAreGoneForGoodAreAnError() {
        TakenRows shared = new TakenRows(new Path(folder.toString(), "sources"));
        takenOverAndDeleted(shared);
        bought(4);
        assertThatThrownBy(() -> inFiles(shared, ""))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("has other rows by now")
                .hasMessageContaining("work_dir");
    }

    /** As another command deletes what it does not need. */
    private DatasetDefinition takenOverAndDeleted(TakenRows shared) {
        bought(3);
        DatasetDefinition first = inFiles(shared, "");
        storage.delete(new Path(first.interactions().path().text()));
        return first;
    }

    private void bought(int rows) {
        spark.range(rows).selectExpr("1 AS customer", "id AS sku").createOrReplaceTempView("bought");
    }

    private DatasetDefinition inFiles(TakenRows shared, String feature) {
        return new QueriedSources(
                        spark,
                        storage,
                        shared,
                        file -> Lock.await(storage, file, "encode", why -> onWait.accept(why)),
                        (source, snapshot) -> taken.add(snapshot.rows()
                                + (source.sql().orElseThrow().text().contains("DISTINCT")
                                        ? " users"
                                        : " interactions")))
                .inFiles(DatasetDefinition.fromJson(SHOP.formatted(feature), "test"));
    }
}
