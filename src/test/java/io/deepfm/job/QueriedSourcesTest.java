package io.deepfm.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import io.deepfm.job.progress.JobListener;
import io.deepfm.job.progress.Progress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables of a catalog, queries and databases in place of files. */
class QueriedSourcesTest {

    private static final String COLUMNS = "customer BIGINT, sku STRING, at BIGINT";

    @TempDir
    private static Path folder;

    private static SparkSession spark;
    private static Purchases purchases;

    /** Hears what was not up to date. */
    private static final class Ran implements JobListener {

        private final List<String> stages = new ArrayList<>();
        private final List<String> details = new ArrayList<>();

        @Override
        public void onStage(String name, String what, double seconds, boolean upToDate) {
            if (!upToDate) {
                stages.add(name);
            }
        }

        @Override
        public void onDetail(String what) {
            details.add(what);
        }

        @Override
        public void onProgress(Progress progress) {}
    }

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .config(
                        "spark.sql.warehouse.dir",
                        folder.resolve("warehouse").toUri().toString())
                .getOrCreate();
        purchases = new Purchases(spark, folder);
        spark.sql("CREATE DATABASE shop");
        spark.sql("CREATE TABLE shop.purchases (" + COLUMNS + ") USING parquet");
        spark.sql("INSERT INTO shop.purchases " + Purchases.ROWS);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static Ran encode(String work, String source) {
        Ran ran = new Ran();
        purchases.encode(work, source, ran);
        return ran;
    }

    @Test
    void aTableOfTheCatalogIsReadAgainAndNothingElseIsDoneWhileItsRowsAreTheSame() {
        Ran first = encode("table", "{ table = \"shop.purchases\" }");
        assertThat(first.stages).contains("check", "ingest", "split", "encode");
        assertThat(first.details).anyMatch(line -> line.startsWith("60 rows of shop.purchases are in"));
        assertThat(purchases.interactions("table").count()).isEqualTo(60);

        // The same rows in other files.
        spark.sql("INSERT OVERWRITE shop.purchases " + Purchases.ROWS + " ORDER BY at DESC");
        assertThat(encode("table", "{ table = \"shop.purchases\" }").stages).isEmpty();

        spark.sql("INSERT INTO shop.purchases VALUES (3, 's1', 99)");
        assertThat(encode("table", "{ table = \"shop.purchases\" }").stages).contains("ingest", "split", "encode");
        assertThat(purchases.interactions("table").count()).isEqualTo(61);
        spark.sql("INSERT OVERWRITE shop.purchases " + Purchases.ROWS);
    }

    @Test
    void aQueryIsASource() {
        spark.sql(Purchases.ROWS).createOrReplaceTempView("bought");
        encode("query", "{ sql = \"SELECT * FROM bought WHERE at >= 10\", where = \"customer <> 4\" }");
        assertThat(purchases.interactions("query").count()).isEqualTo(45);
    }

    @Test
    void aDatabaseIsASource() throws SQLException {
        String url = "jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1";
        try (Connection database = DriverManager.getConnection(url);
                Statement statement = database.createStatement()) {
            statement.execute("CREATE TABLE PURCHASES AS SELECT MOD(X, 10) AS \"customer\","
                    + " 's' || MOD(X * 7 + X / 10, 12) AS \"sku\", X AS \"at\" FROM SYSTEM_RANGE(0, 59)");
        }
        Ran ran = encode("jdbc", "{ format = jdbc, options { url = \"" + url + "\", dbtable = PURCHASES } }");
        assertThat(ran.details).anyMatch(line -> line.startsWith("60 rows of jdbc"));
        assertThat(purchases.interactions("jdbc").count()).isEqualTo(60);
    }

    /** Two rows alike must not look like none. */
    @Test
    void rowsThatAreThereTwiceCount() {
        spark.sql("CREATE TABLE shop.twice (" + COLUMNS + ") USING parquet");
        spark.sql("INSERT INTO shop.twice " + Purchases.ROWS + " UNION ALL VALUES (1, 'a', 1), (1, 'a', 2)");
        encode("twice", "{ table = \"shop.twice\" }");
        spark.sql("INSERT INTO shop.twice VALUES (2, 'b', 3), (2, 'c', 3)");
        assertThat(encode("twice", "{ table = \"shop.twice\" }").stages).contains("ingest");
    }

    @Test
    void whatCannotBeReadIsNamed() {
        assertThatThrownBy(() -> encode("bad", "{ table = \"shop.nothing\" }"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("shop.nothing");
        assertThatThrownBy(() -> encode("bad", "{ sql = \"SELECT 1 AS a, 2 AS A\" }"))
                .hasMessageContaining("two columns are called A");
        assertThatThrownBy(() -> encode("bad", "{ sql = \"SELEC 1\" }")).hasMessageContaining("cannot read SELEC 1");
        assertThatThrownBy(() ->
                        encode("bad", "{ format = jdbc, options { url = \"jdbc:h2:mem:x\", dbtable = NOTHING } }"))
                .hasMessageContaining("cannot read jdbc")
                .hasMessageContaining("NOTHING");
        for (String driver : List.of("", ", driver = org.nowhere.Driver")) {
            assertThatThrownBy(() -> encode(
                            "bad",
                            "{ format = jdbc, options { url = \"jdbc:nowhere:x\", dbtable = d" + driver + " } }"))
                    .hasMessageContainingAll("cannot read jdbc", "--jars", "driver = org.postgresql.Driver");
        }
        assertThatThrownBy(() -> encode("bad", "{ table = \"a.b\", path = \"c.csv\", header = true }"))
                .hasMessageContaining("give one of them");
        assertThatThrownBy(() -> encode("bad", "{ header = true }")).hasMessageContaining("must not be empty");
        assertThatThrownBy(() -> encode("bad", "{ table = \"a.b\", header = true }"))
                .hasMessageContaining("knows itself how it is written");
    }
}
