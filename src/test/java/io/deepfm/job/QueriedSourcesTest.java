package io.deepfm.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.progress.JobListener;
import io.deepfm.job.progress.Progress;
import io.deepfm.schema.Tables;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
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
        spark.sql("CREATE DATABASE shop");
        spark.sql("CREATE TABLE shop.purchases (" + COLUMNS + ") USING parquet");
        spark.sql("INSERT INTO shop.purchases " + purchases());
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** Ten customers with six of twelve things each. */
    private static String purchases() {
        return "SELECT id % 10 AS customer, concat('s', (id * 7 + id div 10) % 12) AS sku, id AS at FROM range(60)";
    }

    private static Ran encode(String work, String source) {
        Ran ran = new Ran();
        ExperimentConfig config = Configurations.defaults(
                "data.dataset_name=shop",
                "data.auto_download=false",
                "work_dir=" + folder.resolve(work),
                "output_dir=" + folder.resolve(work + "-run"),
                "dataset.interactions=" + source,
                "dataset.user=customer",
                "dataset.item=sku",
                "dataset.time=at",
                "dataset.features=[{ name = customer, type = sparse, group = user }, { name = sku, type = sparse, group = item }]");
        try (Session session = Session.within("test", config, spark, ran)) {
            new DataJob(session).encode();
        }
        return ran;
    }

    private static Dataset<Row> interactions(String work) {
        return spark.read()
                .parquet(folder.resolve(work + "/" + Tables.INTERACTIONS).toString());
    }

    @Test
    void aTableOfTheCatalogIsReadAgainAndNothingElseIsDoneWhileItsRowsAreTheSame() {
        Ran first = encode("table", "{ table = \"shop.purchases\" }");
        assertThat(first.stages).contains("check", "ingest", "split", "encode");
        assertThat(first.details).anyMatch(line -> line.startsWith("60 rows of shop.purchases are in"));
        assertThat(interactions("table").count()).isEqualTo(60);

        // The same rows in other files.
        spark.sql("INSERT OVERWRITE shop.purchases " + purchases() + " ORDER BY at DESC");
        assertThat(encode("table", "{ table = \"shop.purchases\" }").stages).isEmpty();

        spark.sql("INSERT INTO shop.purchases VALUES (3, 's1', 99)");
        assertThat(encode("table", "{ table = \"shop.purchases\" }").stages).contains("ingest", "split", "encode");
        assertThat(interactions("table").count()).isEqualTo(61);
        spark.sql("INSERT OVERWRITE shop.purchases " + purchases());
    }

    @Test
    void aQueryIsASource() {
        spark.sql(purchases()).createOrReplaceTempView("bought");
        encode("query", "{ sql = \"SELECT * FROM bought WHERE at >= 10\", where = \"customer <> 4\" }");
        assertThat(interactions("query").count()).isEqualTo(45);
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
        assertThat(interactions("jdbc").count()).isEqualTo(60);
    }

    /** Two rows alike must not look like none. */
    @Test
    void rowsThatAreThereTwiceCount() {
        spark.sql("CREATE TABLE shop.twice (" + COLUMNS + ") USING parquet");
        spark.sql("INSERT INTO shop.twice " + purchases() + " UNION ALL VALUES (1, 'a', 1), (1, 'a', 2)");
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
