package io.deepfm.data.history;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.job.Configurations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a history is not made of is told with its line. */
class HistoryCheckTest {

    private static final String DATASET =
            """
            data.dataset_name = own
            dataset {
              interactions { path = x.csv, columns = "who STRING, what STRING, at BIGINT, stars INT" }
              user = who
              item = what
              time = at
              label = "stars >= 4"
              features = [
                { name = thing, type = sparse, group = item, expression = what }
                { name = recent, type = sequence, history { of = item, last = 5 } }
              ]
            }
            """;

    private static SparkSession spark;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void aHistoryThatFitsIsAccepted() {
        assertThatCode(() -> check("last = 5", "last = 5, where = \"label = 1 AND stars < 5\""))
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "last = 5        | last = 0                     | features[1].history.last must be at least 1, found 0",
                "last = 5        |                              | features[1].history.of = item requires last",
                "of = item       | of = items                   | must be one of item, gap, count, found",
                "last = 5        | last = 5, most = 3           | unknown key",
                "last = 5        | last = 5, table = users      | must be one of item, own",
                "type = sequence | type = dense                 | type must be sequence with history { of = item }",
                "of = item, last = 5 | of = count               | type must be dense with history { of = count }",
                "of = item, last = 5 | of = gap, last = 2       | history.last requires of = item",
                "type = sequence | type = sequence, group = user | group must be context with a history",
                "type = sequence | type = sequence, expression = what | expression does not apply to a history",
                "type = sequence | type = sequence, max_length = 7 | max_length of a history is its last",
                "type = sequence | type = sequence, min_frequency = 2 | min_frequency does not apply to a history",
                "type = sequence | type = sequence, embedding_dim = 4 | embedding_dim is that of the item's own feature",
                "last = 5        | last = 5, where = stars      | where: stars gives int, but a condition must be true or false",
                "last = 5        | last = 5, where = \"size > 2\" | where: cannot compute size > 2",
                "user = who      |                              | item is given, but user is not",
                "time = at       |                              | a history is of a user's interactions in the order of time",
                "what }          | \"upper(what)\" }            | is missing. Add { name = what, type = sparse, group = item }"
            })
    void whatDoesNotFitIsToldWithItsLine(String part, String other, String message) {
        assertThatThrownBy(() -> check(part, other == null ? "" : other))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("(?s).*own\\.conf:\\d+: .*")
                .hasMessageContaining(message);
    }

    @Test
    void aHistoryNeedsUsersAndItems() {
        assertThatThrownBy(() -> check(
                        "  user = who\n  item = what\n",
                        "",
                        ", group = item, expression = what",
                        ", expression = what"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("own.conf:8: feature recent", "requires dataset.user and dataset.item");
    }

    private void check(String... replaced) throws IOException {
        String text = DATASET;
        for (int i = 0; i < replaced.length; i += 2) {
            text = text.replace(replaced[i], replaced[i + 1]);
        }
        Path file = Files.writeString(folder.resolve("own.conf"), text);
        DatasetDefinition dataset =
                Configurations.load(file, List.of()).sections().get(DatasetDefinition.class);
        var interactions = spark.createDataFrame(
                List.of(),
                StructType.fromDDL(
                        dataset.interactions().columns().orElseThrow().text()));
        dataset.histories().forEach(feature -> HistoryCheck.requireFit(feature, dataset, interactions));
    }
}
