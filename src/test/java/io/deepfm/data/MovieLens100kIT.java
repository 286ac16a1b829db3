package io.deepfm.data;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.array_intersect;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.size;
import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.schema.Tables;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The real MovieLens-100K, whose folder the environment variable {@code ML_100K_DIR} names. */
@EnabledIfEnvironmentVariable(
        named = "ML_100K_DIR",
        matches = ".+",
        disabledReason = "set ML_100K_DIR to the folder of MovieLens-100K, whose licence forbids to ship it")
class MovieLens100kIT {

    @TempDir
    private static Path folder;

    private static PreparedData data;

    @BeforeAll
    static void prepare() {
        data = new PreparedData("local[2]", 4, System.getenv("ML_100K_DIR"), folder.resolve("work")).prepare(2);
    }

    @AfterAll
    static void stop() {
        data.close();
    }

    @Test
    void theRawFilesAreReadWhole() {
        assertThat(data.rows("ingest", Tables.USERS)).isEqualTo(943);
        assertThat(data.rows("ingest", Tables.ITEMS)).isEqualTo(1682);
        assertThat(data.rows("ingest", Tables.INTERACTIONS)).isEqualTo(100_000);
        Row unknown = data.table(Tables.ITEMS).filter("movie_id = 267").head();
        assertThat(unknown.<String>getAs("title")).isEqualTo("unknown");
        assertThat(unknown.<String>getAs("release_date")).isNull();
        assertThat(data.table(Tables.ITEMS).filter(col("title").contains("é")).count())
                .as("titles in ISO-8859-1")
                .isPositive();
    }

    @Test
    void leaveOneOutGivesTheKnownCounts() {
        assertThat(data.rows("split", "train")).isEqualTo(98_114);
        assertThat(data.rows("split", "train_positive")).isEqualTo(54_396);
        assertThat(data.rows("split", "validation")).isEqualTo(943);
        assertThat(data.rows("split", "validation_positive")).isEqualTo(493);
        assertThat(data.rows("split", "test")).isEqualTo(943);
        assertThat(data.rows("split", "test_positive")).isEqualTo(486);
    }

    @Test
    void encodersKnowTheValuesOfTrainAlone() {
        assertThat(data.rows("encode", "vocabulary.movie_id")).isEqualTo(1678);
        assertThat(data.rows("encode", "vocabulary.zip_prefix")).isEqualTo(382);
        assertThat(data.rows("encode", "vocabulary.user_id")).isEqualTo(943);
        assertThat(data.rows("encode", "vocabulary.genres")).isEqualTo(19);
        assertThat(data.rows("encode", "vocabulary.age")).isEqualTo(7);
        assertThat(data.rows("encode", "vocabulary.occupation")).isEqualTo(21);
        assertThat(data.rows("encode", "vocabulary.gender")).isEqualTo(2);
    }

    @Test
    void candidateListsHaveAThousandUnseenItems() {
        for (String split : new String[] {Tables.VALIDATION, Tables.TEST}) {
            Dataset<Row> lists = withSeen(data.table(Tables.CANDIDATES + "/" + split));
            assertThat(lists.count()).isEqualTo(943);
            assertThat(lists.filter(size(col(Tables.NEGATIVES)).notEqual(999)).count())
                    .as("users with fewer than 999 unseen items")
                    .isEqualTo(2);
            assertThat(lists.filter(size(array_intersect(col(Tables.NEGATIVES), col(Tables.ITEM_INDICES)))
                                    .gt(0))
                            .count())
                    .isZero();
            assertThat(lists.filter("size(array_distinct(negatives)) < size(negatives)")
                            .count())
                    .isZero();
        }
    }

    @Test
    void anEpochHasFourFreshUnseenNegativesPerPositive() {
        Dataset<Row> first = negatives("epoch-00001");
        assertThat(data.rows("epoch-00001", "rows")).isEqualTo(315_698);
        assertThat(data.rows("epoch-00001", "groups")).isEqualTo(98_114);
        assertThat(first.count()).isEqualTo(4 * 54_396);
        assertThat(first.filter(col(Tables.LABEL).notEqual(1)).count()).isZero();
        assertThat(withSeen(first)
                        .filter(array_contains(col(Tables.ITEM_INDICES), col("negative")))
                        .count())
                .isZero();
        Dataset<Row> pairs = first.select(Tables.USER_INDEX, "negative");
        long inBoth = pairs.intersectAll(negatives("epoch-00002").select(Tables.USER_INDEX, "negative"))
                .count();
        assertThat(inBoth).as("a random overlap, not the same draws").isBetween(1L, 4L * 54_396 / 2);
    }

    /** The sampled items, each with its group's user and label. */
    private static Dataset<Row> negatives(String epoch) {
        return data.table(Tables.EPOCHS + "/" + epoch)
                .select(
                        col(Tables.USER_INDEX),
                        col(Tables.LABEL),
                        explode(col(Tables.NEGATIVES)).as("negative"));
    }

    private static Dataset<Row> withSeen(Dataset<Row> rows) {
        return rows.join(data.table(EncodeStage.SEEN), Tables.USER_INDEX);
    }
}
