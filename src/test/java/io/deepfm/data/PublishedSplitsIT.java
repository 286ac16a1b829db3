package io.deepfm.data;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.array_intersect;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.size;
import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.schema.Tables;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/** The splits that published results are of have the rows that they are known to have. */
@Tag("proof")
class PublishedSplitsIT {

    private static final String NO_ML_1M =
            "set ML_1M_DIR to the folder of MovieLens-1M and its splits in ncf/ and autoint/,"
                    + " whose licence forbids to ship it";

    @TempDir
    private Path folder;

    @Test
    @EnabledIfEnvironmentVariable(named = "ML_1M_DIR", matches = ".+", disabledReason = NO_ML_1M)
    void theLeaveOneOutSplitOfNeuralCollaborativeFiltering() {
        try (PreparedData data = prepared("ML_1M_DIR", "data.dataset_name=movielens-1m-ncf", "data.num_neg_eval=99")) {
            assertThat(data.rows("ingest", Tables.USERS)).isEqualTo(6040);
            assertThat(data.rows("ingest", Tables.ITEMS)).isEqualTo(3883);
            splits(data, 994_169 - 6040, 994_169 - 6040, 6040, 6040, 6040, 6040);
            assertThat(data.rows("candidates", "own_item")).isEqualTo(156);
            assertThat(data.rows("candidates", "test_candidates")).isEqualTo(6040 * 100 - 156);
            assertThat(data.rows("candidates", "validation_candidates")).isEqualTo(6040 * 100);
            Dataset<Row> lists = data.table(Tables.CANDIDATES + "/" + Tables.TEST)
                    .join(data.table(EncodeStage.SEEN), Tables.USER_INDEX);
            assertThat(lists.filter(array_contains(col(Tables.NEGATIVES), col(Tables.ITEM_INDEX))
                                    .or(size(array_intersect(col(Tables.NEGATIVES), col(Tables.ITEM_INDICES)))
                                            .gt(0)))
                            .count())
                    .as("lists with items that their users have seen")
                    .isZero();
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(named = "ML_1M_DIR", matches = ".+", disabledReason = NO_ML_1M)
    void theSplitOfAutoInt() {
        try (PreparedData data = prepared("ML_1M_DIR", "data.dataset_name=movielens-1m-autoint")) {
            splits(data, 591_209, 460_202, 73_901, 57_527, 73_902, 57_552);
            assertThat(data.rows("encode", "vocabulary.gender")).isEqualTo(2);
            assertThat(data.rows("encode", "vocabulary.genres")).isEqualTo(18);
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(
            named = "FRAPPE_X1_DIR",
            matches = ".+",
            disabledReason = "set FRAPPE_X1_DIR to the folder of Frappe_x1, which is for research and not shipped")
    void frappe() {
        try (PreparedData data = prepared("FRAPPE_X1_DIR", "data.dataset_name=frappe-x1")) {
            splits(data, 202_027, 67_604, 57_722, 19_063, 28_860, 9_536);
            assertThat(data.rows("encode", "vocabulary.user")).isEqualTo(954);
            assertThat(data.rows("encode", "vocabulary.item")).isEqualTo(4082);
        }
    }

    private PreparedData prepared(String variable, String... settings) {
        PreparedData data = new PreparedData("local[2]", 4, System.getenv(variable), folder.resolve("work"), settings);
        return data.prepareLists(data.dataset());
    }

    private static void splits(
            PreparedData data, long train, long liked, long validation, long likedThere, long test, long likedInTest) {
        assertThat(data.rows("split", "train")).isEqualTo(train);
        assertThat(data.rows("split", "train_positive")).isEqualTo(liked);
        assertThat(data.rows("split", "validation")).isEqualTo(validation);
        assertThat(data.rows("split", "validation_positive")).isEqualTo(likedThere);
        assertThat(data.rows("split", "test")).isEqualTo(test);
        assertThat(data.rows("split", "test_positive")).isEqualTo(likedInTest);
    }
}
