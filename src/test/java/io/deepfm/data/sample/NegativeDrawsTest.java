package io.deepfm.data.sample;

import static org.apache.spark.sql.functions.array_sort;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.schema.Tables;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class NegativeDrawsTest {

    private static final NegativeDraws.Draw FIRST = new NegativeDraws.Draw(42, 0, 1);
    private static final NegativeDraws.Draw SECOND = new NegativeDraws.Draw(42, 0, 2);

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", 2)
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void aUserGetsEveryItemThatTheyAndOnlyTheyHaveNotSeen() {
        // Users 0 and 1 have seen items 0 to 4 and 5 to 9 of 0 to 11.
        Dataset<Row> interactions = interactions(10, "cast(id / 5 as int)");
        List<Row> drawn = new NegativeDraws(interactions, 10, seen(interactions), ItemSampler.uniform(12), lit(20))
                .of(List.of(FIRST))
                .orderBy(Tables.INTERACTION)
                .collectAsList();
        assertThat(drawn).hasSize(10);
        for (int i = 0; i < 10; i++) {
            Row row = drawn.get(i);
            assertThat(row.<Integer>getList(row.fieldIndex("negatives")))
                    .isEqualTo(i < 5 ? List.of(5, 6, 7, 8, 9, 10, 11) : List.of(0, 1, 2, 3, 4, 10, 11));
        }
    }

    /** Work or memory that grew with the square of a user's interactions would take hours or a terabyte. */
    @Test
    @Timeout(120)
    void aMillionInteractionsOfOneUserAreNoneTooMany() {
        int million = 1_000_000;
        int items = million + 1_000;
        Dataset<Row> interactions = interactions(million + 1_000, "cast(if(id < 1000000, 0, id) as int)");
        Dataset<Row> drawn = new NegativeDraws(
                        interactions, million + 1_000, seen(interactions), ItemSampler.uniform(items), lit(4))
                .of(List.of(FIRST, SECOND));
        Dataset<Row> negatives = drawn.select(
                col(Tables.USER_INDEX), explode(col(Tables.NEGATIVES)).as("negative"));
        Row found = negatives
                .agg(functions.count(lit(1)), min(when(col(Tables.USER_INDEX).equalTo(0), col("negative"))))
                .head();
        assertThat(found.getLong(0)).isEqualTo(8L * (million + 1_000));
        assertThat(found.getInt(1)).as("the first item the user has not seen").isEqualTo(million);
    }

    /** Interaction i is with item i. */
    private static Dataset<Row> interactions(long count, String user) {
        return spark.range(count)
                .selectExpr(
                        "id as " + Tables.INTERACTION,
                        user + " as " + Tables.USER_INDEX,
                        "cast(id as int) as " + Tables.ITEM_INDEX);
    }

    private static Dataset<Row> seen(Dataset<Row> interactions) {
        return interactions
                .groupBy(Tables.USER_INDEX)
                .agg(array_sort(collect_list(Tables.ITEM_INDEX)).as(Tables.ITEM_INDICES));
    }
}
