package io.deepfm.data;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines that are all the same, and users who come back to an item. */
class RepeatsTest {

    /** The third line is the first; the fourth is of the same user and item, the seventh too but of a time before. */
    private static final String LINES =
            """
            a,x,2,5
            a,y,3,2
            a,x,2,5
            a,x,4,1
            b,x,1,5
            b,y,2,2
            a,x,1,3
            """;

    private static final String USERS_AND_ITEMS = "\"user\": \"user\", \"item\": \"item\", \"time\": \"time\",";

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("lines.csv"), LINES);
    }

    @ParameterizedTest
    @CsvSource({
        "keep, keep, 1 2 3 4 5 6 7, 0, 0",
        "drop, keep, 1 2 4 5 6 7, 1, 0",
        "drop, first, 2 5 6 7, 1, 2",
        "drop, last, 2 4 5 6, 1, 2",
        "keep, first, 2 5 6 7, 0, 3",
        "keep, last, 2 4 5 6, 0, 3",
    })
    void linesAndPairsAreTakenAsTheSettingsSay(
            String duplicates, String pairs, String lines, long leftOut, long pairsLeftOut) {
        try (PreparedData data = data("data.duplicates=" + duplicates, "data.repeated_pairs=" + pairs)) {
            data.ingest(dataset("lines.csv", USERS_AND_ITEMS, ""));
            assertThat(lines(data)).isEqualTo(lines);
            assertThat(counts(data, "duplicates")).isEqualTo(leftOut);
            assertThat(counts(data, "repeated_pairs")).isEqualTo(pairsLeftOut);
            // Nobody is lost: of each pair, one row remains.
            assertThat(data.rows("ingest", Tables.USERS)).isEqualTo(2);
            assertThat(data.rows("ingest", Tables.ITEMS)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"auto", "error"})
    void repeatedLinesAreBadRowsWhereThereAreUsersAndItems(String duplicates) {
        try (PreparedData data = data("data.duplicates=" + duplicates)) {
            assertThatThrownBy(() -> data.ingest(dataset("lines.csv", USERS_AND_ITEMS, "")))
                    .isInstanceOf(DataException.class)
                    .hasMessageContainingAll("lines.csv:3: is a duplicate of an earlier line", "data.duplicates");
        }
    }

    @Test
    void aLogWithoutUsersAndItemsKeepsItsRepeatedLinesUnlessToldOtherwise() {
        DatasetDefinition log = dataset("lines.csv", "", "");
        try (PreparedData data = data()) {
            data.ingest(log);
            assertThat(lines(data)).isEqualTo("1 2 3 4 5 6 7");
        }
        try (PreparedData data = data("data.duplicates=drop")) {
            data.ingest(log);
            assertThat(lines(data)).isEqualTo("1 2 4 5 6 7");
        }
        try (PreparedData data = data("data.repeated_pairs=last")) {
            assertThatThrownBy(() -> data.ingest(log))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("data.repeated_pairs = last requires dataset.user and dataset.item");
        }
    }

    /** What a published split has in test stays there, and each interaction of test has a list. */
    @Test
    void predefinedSplitsAreNotRepeatsOfEachOther() throws IOException {
        Files.writeString(
                folder.resolve("train.csv"), "a,x,1,5\na,y,2,2\na,x,3,1\na,z,4,5\nb,z,1,1\nb,y,2,5\nb,w,3,5\n");
        Files.writeString(folder.resolve("test.csv"), "a,x,6,5\na,x,7,5\nb,w,8,5\n");
        DatasetDefinition dataset = dataset("train.csv", USERS_AND_ITEMS, "test.csv");
        String predefined = "data.split_strategy=predefined_test";
        try (PreparedData data = data(predefined, "data.num_neg_eval=all")) {
            data.prepareLists(dataset);
            assertThat(lists(data)).containsExactly("0 0 [3]", "0 0 [3]", "1 3 [0]");
        }
        try (PreparedData data = data(predefined, "data.repeated_pairs=last")) {
            data.ingest(dataset);
            assertThat(data.table(Tables.INTERACTIONS)
                            .filter("item = 'x'")
                            .orderBy("time")
                            .collectAsList())
                    .extracting(row -> row.<Long>getAs("time"))
                    .containsExactly(3L, 7L);
        }
    }

    /**
     * User a takes x twice, then again after what is held out of her (z and w) began; b is in train only; c has one more of z,
     * which is validation, before her test.
     */
    private static final String PLAYS =
            """
            a,x,1,5
            a,y,2,5
            a,x,3,1
            a,z,4,5
            a,w,6,5
            a,x,7,5
            b,x,1,5
            b,x,2,5
            b,y,8,5
            b,x,9,5
            c,y,3,5
            c,y,3,5
            c,z,4,5
            c,z,5,5
            c,w,6,5
            """;

    @ParameterizedTest
    @CsvSource({
        // Each user's own: what comes after her validation row does not count.
        "leave_one_out, a x 2|a y 1|b x 3|b y 1|c y 2, a z 1|c z 1, a w 1|c w 1, 6",
        // The last two of nine pairs by time, and the two before them: from a z at 4 on nothing counts.
        "temporal, a x 2|a y 1|b x 2|c y 2, a w 1|a z 1|c z 1, b y 1|c w 1, 6",
    })
    void countedPairsAreOneRowWithWhatWasKnownWhenHeldOutRowsBegan(
            String strategy, String train, String validation, String test, long repeats) throws IOException {
        Files.writeString(folder.resolve("plays.csv"), PLAYS);
        String[] settings = {
            "data.repeated_pairs=count",
            "data.duplicates=keep",
            "data.split_strategy=" + strategy,
            "data.validation_share=0.3",
            "data.test_share=0.2"
        };
        try (PreparedData data = data(settings)) {
            data.ingest(dataset("plays.csv", USERS_AND_ITEMS, ""));
            data.split(dataset("plays.csv", USERS_AND_ITEMS, ""));
            assertThat(pairs(data, Tables.TRAIN)).isEqualTo(train);
            assertThat(pairs(data, Tables.VALIDATION)).isEqualTo(validation);
            assertThat(pairs(data, Tables.TEST)).isEqualTo(test);
            assertThat(data.rows("split", SplitStage.REPEATS)).isEqualTo(repeats);
            assertThat(data.rows("split", Tables.TRAIN)).isEqualTo(train.split("[|]").length);
        }
    }

    @Test
    void ofAPredefinedTestSplitNothingIsRepeatedInTrain() throws IOException {
        Files.writeString(
                folder.resolve("train.csv"), "a,x,1,5\na,y,2,2\na,x,9,1\na,z,4,5\nb,z,1,1\nb,y,2,5\nb,w,3,5\n");
        Files.writeString(folder.resolve("test.csv"), "a,x,6,5\na,x,7,5\nb,w,8,5\n");
        DatasetDefinition dataset = dataset("train.csv", USERS_AND_ITEMS, "test.csv");
        try (PreparedData data = data("data.split_strategy=predefined_test", "data.repeated_pairs=count")) {
            data.ingest(dataset);
            data.split(dataset);
            // The validation row of a is z at 4, and her x at 9 is later.
            assertThat(pairs(data, Tables.TRAIN)).isEqualTo("a x 1|a y 1|b y 1|b z 1");
            assertThat(pairs(data, Tables.VALIDATION)).isEqualTo("a z 1|b w 1");
            assertThat(pairs(data, Tables.TEST)).isEqualTo("a x 1|b w 1");
        }
    }

    @ParameterizedTest
    @CsvSource({"log, 1.6931472", "count, 2"})
    void shardsCarryTheWeightOfCountedPairs(String weight, float ofTwo) throws IOException {
        Files.writeString(folder.resolve("plays.csv"), PLAYS);
        String[] settings = {
            "data.repeated_pairs=count", "data.duplicates=keep", "data.pair_weight=" + weight, "data.num_neg_train=1"
        };
        try (PreparedData data = data(settings)) {
            data.prepare(dataset("plays.csv", USERS_AND_ITEMS, ""), 1);
            Dataset<Row> epoch = data.table(Tables.EPOCHS + "/epoch-00001");
            assertThat(epoch.columns()).contains(Tables.WEIGHT).doesNotContain(Tables.PAIR_COUNT);
            // x and y are the items 0 and 1 of user a.
            assertThat(epoch.filter("user_index = 0").orderBy(Tables.ITEM_INDEX).collectAsList())
                    .extracting(row -> row.<Float>getAs(Tables.WEIGHT))
                    .containsExactly(ofTwo, 1f);
            Row test = data.table(Tables.ENCODED + "/interactions/test")
                    .filter("user_index = 0")
                    .head();
            assertThat(test.<Integer>getList(test.fieldIndex("recent"))).hasSize(3);
            assertThat(test.schema().fieldNames()).doesNotContain(Tables.PAIR_COUNT);
        }
    }

    private static String pairs(PreparedData data, String split) {
        return data
                .table(Tables.SPLIT + "/" + split)
                .select(functions.concat_ws(" ", col("user"), col("item"), col(Tables.PAIR_COUNT)))
                .as(Encoders.STRING())
                .collectAsList()
                .stream()
                .sorted()
                .collect(Collectors.joining("|"));
    }

    /** User a takes x, y, x, z and x again: the last is test, z validation. All of x, y and z are seen. */
    @Test
    void eachInteractionOfAPairThatIsKeptIsOneOfItsOwn() throws IOException {
        Files.writeString(
                folder.resolve("again.csv"),
                "a,x,1,5\na,y,2,2\na,x,3,1\na,z,4,5\na,x,5,5\nb,w,1,5\nb,v,2,1\nb,t,3,5\nc,z,1,2\nc,v,2,5\nc,t,3,5\n");
        DatasetDefinition dataset = dataset("again.csv", USERS_AND_ITEMS, "");
        String[] settings = {"data.num_neg_eval=all", "data.num_neg_train=2", "data.negatives_for=all"};
        try (PreparedData data = data(settings)) {
            data.prepare(dataset, 1);
            // x, y, z, w, v and t are the items 0 to 5.
            List<Row> groups = data.table(Tables.EPOCHS + "/epoch-00001")
                    .filter("user_index = 0")
                    .orderBy(Tables.ITEM_INDEX, Tables.LABEL)
                    .collectAsList();
            assertThat(groups)
                    .extracting(row -> row.<Integer>getAs(Tables.ITEM_INDEX) + ":" + row.<Integer>getAs(Tables.LABEL))
                    .containsExactly("0:0", "0:1", "1:0");
            assertThat(groups).allSatisfy(row -> assertThat(row.<Integer>getList(row.fieldIndex(Tables.NEGATIVES)))
                    .hasSize(2)
                    .isSubsetOf(3, 4, 5));
            assertThat(data.table(EncodeStage.SEEN)
                            .filter("user_index = 0")
                            .head()
                            .<Integer>getList(1))
                    .containsExactly(0, 1, 2);
            assertThat(lists(data)).contains("0 0 [3, 4, 5]");

            Map<String, Integer> ids = data.table(Tables.ENCODED + "/" + Tables.ITEMS).collectAsList().stream()
                    .collect(Collectors.toMap(row -> row.getAs(Tables.ITEM_KEY), row -> row.getAs("item")));
            Row test = data.table(Tables.ENCODED + "/interactions/test")
                    .filter("user_index = 0")
                    .head();
            assertThat(test.<Integer>getList(test.fieldIndex("recent")))
                    .containsExactly(ids.get("z"), ids.get("x"), ids.get("y"), ids.get("x"));
            assertThat(test.<Float>getAs("activity")).isEqualTo(4);
        }
    }

    private PreparedData data(String... settings) {
        return new PreparedData("local[1]", 2, folder.toString(), folder.resolve("work"), settings);
    }

    private DatasetDefinition dataset(String file, String keys, String test) {
        String source = "{ \"path\": \"" + folder
                + "/%s\", \"columns\": \"user STRING, item STRING, time BIGINT, stars INT\" }";
        String features = keys.isEmpty()
                ? "{ \"name\": \"time\", \"type\": \"sparse\" }"
                : """
                { "name": "item", "type": "sparse", "group": "item" },
                { "name": "recent", "type": "sequence", "history": { "of": "item", "last": 9 } },
                { "name": "activity", "type": "dense", "scaling": "none", "history": { "of": "count" } }""";
        return DatasetDefinition.fromJson(
                "{ \"interactions\": " + source.formatted(file) + ", " + keys
                        + (test.isEmpty() ? "" : "\"test\": " + source.formatted(test) + ", ")
                        + "\"label\": \"stars >= 4\", \"features\": [" + features + "] }",
                "test");
    }

    private static String lines(PreparedData data) {
        return data.table(Tables.INTERACTIONS).orderBy(Tables.INTERACTION).collectAsList().stream()
                .map(row -> Long.toString(row.<Long>getAs(Tables.INTERACTION)))
                .collect(Collectors.joining(" "));
    }

    private static List<String> lists(PreparedData data) {
        return data
                .table(Tables.CANDIDATES + "/" + Tables.TEST)
                .orderBy(col(Tables.USER_INDEX), col(Tables.INTERACTION))
                .collectAsList()
                .stream()
                .map(row -> row.<Integer>getAs(Tables.USER_INDEX) + " " + row.<Integer>getAs(Tables.ITEM_INDEX) + " "
                        + row.<Integer>getList(row.fieldIndex(Tables.NEGATIVES)))
                .toList();
    }

    private static long counts(PreparedData data, String setting) {
        return data.manifests.get("ingest").rows().getOrDefault("left_out.interactions." + setting, 0L);
    }
}
