package io.deepfm.data.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.data.quarantine.Quarantine;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Users 11, 12 and 13 with the items 50, 51 and 52 held out, of items 50 to 56, whose indices are 0 to 6. */
class CandidateFileTest {

    private static final String HEADER = "user,item,n1,n2,n3\n";

    @TempDir
    private Path folder;

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[1]")
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
    void allColumnsButTheKeysAreNegatives() throws IOException {
        assertThat(joined("header = true", HEADER + "12,51,56,50,53\n11,50,51,52,53\n13,52,50,51,56\n"))
                .containsExactly("0 0 [1, 2, 3]", "1 1 [0, 3, 6]", "2 2 [0, 1, 6]");
    }

    /** The file that comes with Neural Collaborative Filtering looks like this, with 99 items in each list. */
    @Test
    void aLineMayBeTakenApartByExpressionsAndListsMayBeOfDifferentLengths() throws IOException {
        String source = "format = text";
        String lists = "(11,50)\t51\n(12,51)\t56\t50\t53\t55\n(13,52)\t50\t51\n";
        String expressions =
                """
                user = "regexp_extract(value, '([0-9]+),([0-9]+)', 1)"
                item = "regexp_extract(value, '([0-9]+),([0-9]+)', 2)"
                negatives = "slice(split(value, '\\t'), 2, 1000)"
                """;
        assertThat(joined(source, lists, expressions)).containsExactly("0 0 [1]", "1 1 [0, 3, 5, 6]", "2 2 [0, 1]");
    }

    @Test
    void aListDoesNotRankItsItemAgainstItself() throws IOException {
        Dataset<Row> lists = file("header = true", HEADER + "11,50,51,50,53\n12,51,50,52,53\n13,52,50,51,52\n")
                .lists();
        assertThat(lists.sort(Tables.USER_INDEX).collectAsList())
                .extracting(row ->
                        row.getAs(CandidateFile.HAS_OWN_ITEM) + " " + row.getList(row.fieldIndex(Tables.NEGATIVES)))
                .containsExactly("true [1, 3]", "false [0, 2, 3]", "true [0, 1]");
        assertThat(lists.filter(lists.col(TableReader.PROBLEM).isNotNull()).count())
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "99,50,51,52,53      | user 99 is not in the interactions",
                "x,50,51,52,53       | user x is not in the interactions",
                "' ',50,51,52,53     | user  is not in the interactions",
                "11,99,51,52,53      | item 99 is not in items.csv",
                "11,51,50,52,53      | user 11 has no test interaction with item 51",
                "13,52,54,55,56      | is another list for user 13 and item 52, as line 2",
                "11,50,51,99,53      | the negative 99 is not in items.csv",
                "11,50,51,,53        | the negative  is not in items.csv",
                "11,50,51,52,51      | the negative 51 is named twice",
                "11,50,51,52         | has 4 columns instead of 5",
            })
    void aListThatDoesNotFitIsToldWithItsLine(String line, String problem) throws IOException {
        String good = "13,52,50,51,53\n";
        assertThatThrownBy(() -> joined("header = true", HEADER + good + line.replace("'", "") + "\n12,51,50,52,53\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(folder.resolve("lists.csv") + ":3: ")
                .hasMessageContaining(problem);
    }

    @Test
    void aListNeedsANegativeBesideItsOwnItem() {
        String negatives = "negatives = \"filter(array(n1, n2, n3), item -> item <> '')\"";
        for (String line : List.of("11,50,,,", "11,50,50,,")) {
            assertThatThrownBy(() -> joined("header = true", HEADER + line + "\n", negatives))
                    .hasMessageContaining("lists.csv:2: the list has no negatives");
        }
    }

    @Test
    void eachTestInteractionNeedsAList() {
        assertThatThrownBy(() -> joined("header = true", HEADER + "12,51,50,52,53\n"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(
                        "lists.csv has no list for 2 of the test interactions",
                        "such as that of user 11 and item 50",
                        "test.csv");
    }

    private List<String> joined(String source, String lists, String... expressions) throws IOException {
        CandidateFile file = file(source, lists, expressions);
        return file.join(Quarantine.requireGood(file.lists())).sort(Tables.INTERACTION).collectAsList().stream()
                .map(row -> row.getAs(Tables.USER_INDEX) + " " + row.getAs(Tables.ITEM_INDEX) + " "
                        + row.getList(row.fieldIndex(Tables.NEGATIVES)))
                .toList();
    }

    private CandidateFile file(String source, String lists, String... expressions) throws IOException {
        Path file = Files.writeString(folder.resolve("lists.csv"), lists);
        DatasetDefinition dataset = DatasetDefinition.fromJson(
                """
                interactions { path = train.csv, header = true }
                test { path = test.csv, header = true }
                items { path = items.csv, header = true }
                user = user
                item = item
                features = [{ name = user, type = sparse, group = user }]
                candidates {
                  source { path = "%s", %s }
                  %s
                }
                """
                        .formatted(file, source, String.join("\n", expressions)),
                "a test");
        return new CandidateFile(
                new TableReader(spark, new Storage(new Configuration())),
                dataset,
                interactions(),
                keys(Tables.USER_INDEX, Tables.USER_KEY, 11, 12, 13),
                keys(Tables.ITEM_INDEX, Tables.ITEM_KEY, 50, 51, 52, 53, 54, 55, 56));
    }

    private static Dataset<Row> interactions() {
        StructType type = new StructType()
                .add(Tables.INTERACTION, DataTypes.LongType)
                .add(Tables.USER_INDEX, DataTypes.IntegerType)
                .add(Tables.ITEM_INDEX, DataTypes.IntegerType)
                .add(Tables.LABEL, DataTypes.IntegerType);
        return spark.createDataFrame(
                Stream.of(0, 1, 2)
                        .map(i -> RowFactory.create(100L + i, i, i, 1))
                        .toList(),
                type);
    }

    private static Dataset<Row> keys(String index, String key, long... keys) {
        StructType type = new StructType().add(index, DataTypes.IntegerType).add(key, DataTypes.LongType);
        List<Long> all = Arrays.stream(keys).boxed().toList();
        return spark.createDataFrame(
                all.stream()
                        .map(each -> RowFactory.create(all.indexOf(each), each))
                        .toList(),
                type);
    }
}
