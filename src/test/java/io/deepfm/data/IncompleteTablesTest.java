package io.deepfm.data;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.data.profile.DatasetProfile;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users and items that have interactions, but no row in their table. */
class IncompleteTablesTest {

    /** Nobody knows the age of c, nor the kinds of w and v. */
    private static final String LINES =
            """
            c,x,1
            a,x,2
            c,y,3
            a,y,4
            b,z,5
            c,w,6
            a,w,7
            c,z,8
            c,v,9
            a,z,10
            b,x,11
            b,y,12
            b,v,13
            """;

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("lines.csv"), LINES);
        Files.writeString(folder.resolve("users.csv"), "a,30\nb,50\n");
        Files.writeString(folder.resolve("items.csv"), "x,book\ny,film\nz,book\nu,film\n");
    }

    @Test
    void theyAreNumberedAfterTheTablesRowsInTheOrderOfTheirFirstInteraction() {
        try (PreparedData data = data("data.num_neg_eval=all")) {
            data.prepare(dataset("user STRING", ""), 1);
            Map<String, Long> rows = data.manifests.get("ingest").rows();
            assertThat(rows)
                    .containsEntry("interactions", 13L)
                    .containsEntry("users", 3L)
                    .containsEntry("items", 6L)
                    .containsEntry("unlisted.users", 1L)
                    .containsEntry("unlisted.users.interactions", 5L)
                    .containsEntry("unlisted.items", 2L)
                    .containsEntry("unlisted.items.interactions", 4L);
            assertThat(data.table(Tables.INTERACTIONS)
                            .orderBy(Tables.INTERACTION)
                            .collectAsList())
                    .extracting(row -> row.getAs("user") + "" + row.getAs("user_index") + row.getAs("item")
                            + row.getAs("item_index"))
                    .startsWith("c2x0", "a0x0", "c2y1", "a0y1", "b1z2", "c2w4", "a0w4", "c2z2", "c2v5");
            assertThat(lists(data)).containsExactly("0 2 [3, 5]", "1 5 [3, 4]", "2 5 [3]");
        }
    }

    /** Of their other features they have none: id 0, no ids, and 0 after scaling, where a is -1 and b is 1. */
    @Test
    void theyHaveIdsOfTheirOwnAndHistories() {
        try (PreparedData data = data()) {
            data.prepareLists(dataset("user STRING", ""));
            Map<String, Row> users = encoded(data, Tables.USERS, Tables.USER_KEY);
            assertThat(users.values())
                    .extracting(row -> row.<Integer>getAs("user"))
                    .containsExactlyInAnyOrder(1, 2, 3);
            assertThat(users.get("a").<Integer>getAs("band")).isPositive();
            assertThat(users.get("c").<Integer>getAs("band")).isZero();
            assertThat(users.get("a").<Float>getAs("age")).isEqualTo(-1);
            assertThat(users.get("c").<Float>getAs("age")).isZero();
            Map<String, Row> items = encoded(data, Tables.ITEMS, Tables.ITEM_KEY);
            assertThat(items.get("w").<Integer>getAs("item")).isPositive();
            assertThat(items.get("v").<Integer>getAs("item")).as("not in train").isZero();
            assertThat(items.get("w").<Integer>getAs("kind")).isZero();
            assertThat(items.get("x").<Integer>getAs("kind")).isPositive();
            Row test = data.table(Tables.ENCODED + "/interactions/test")
                    .filter("user_index = 2")
                    .head();
            assertThat(test.<Integer>getList(test.fieldIndex("recent")))
                    .containsExactly(List.of("z", "w", "y", "x").stream()
                            .map(key -> items.get(key).<Integer>getAs("item"))
                            .toArray(Integer[]::new));
            DatasetProfile profile = DatasetProfile.of(data.spark, data.work, dataset("user STRING", ""));
            assertThat(profile.missing().get("test").get("age")).isEqualTo(1 / 3.0);
            assertThat(profile.missing().get("train").get("kind")).isEqualTo(1 / 7.0);
        }
    }

    @Test
    void theyAreBadRowsWhereTheSettingSaysSo() {
        try (PreparedData data = data()) {
            assertThatThrownBy(() -> data.ingest(dataset("user STRING", "\"missing_users\": \"error\",")))
                    .isInstanceOf(DataException.class)
                    .hasMessageContainingAll(
                            "5 rows cannot be used: 5 unknown value",
                            "lines.csv:1: column user has the value c, which is not in users.csv");
        }
    }

    /** Before they have an index, pairs are told apart by their keys. */
    @Test
    void theirPairsRepeatNobodyElses() throws IOException {
        Files.writeString(folder.resolve("lines.csv"), "c,x,1\nc,x,2\nd,x,3\na,x,4\na,x,5\nd,w,6\nd,v,7\nd,w,8\n");
        try (PreparedData data = data("data.repeated_pairs=first")) {
            data.ingest(dataset("user STRING", ""));
            assertThat(data.table(Tables.INTERACTIONS)
                            .orderBy(Tables.INTERACTION)
                            .collectAsList())
                    .extracting(row -> row.<Long>getAs("time"))
                    .containsExactly(1L, 3L, 4L, 6L, 7L);
        }
    }

    /** A key that cannot be one of the table's is bad whatever the setting. */
    @Test
    void keysTakeTheTypeOfTheTable() throws IOException {
        Files.writeString(folder.resolve("users.csv"), "7,30\n8,50\n");
        Files.writeString(folder.resolve("lines.csv"), "9,x,1\n7,x,2\n9,w,3\n");
        DatasetDefinition numbers = dataset("user BIGINT", "");
        try (PreparedData data = data()) {
            data.ingest(numbers);
            assertThat(data.table(Tables.INTERACTIONS)
                            .orderBy(Tables.INTERACTION)
                            .collectAsList())
                    .extracting(row -> row.<Integer>getAs(Tables.USER_INDEX))
                    .containsExactly(2, 0, 2);
            assertThat(data.table("unlisted/users").head().<Long>getAs("user")).isEqualTo(9);
            Files.writeString(folder.resolve("lines.csv"), "9,x,1\nnine,x,2\n");
            assertThatThrownBy(() -> data.ingest(numbers))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("lines.csv:2: column user has the value nine, which is not in users.csv");
        }
    }

    @Test
    void completeTablesStayAsTheyAre() throws IOException {
        Files.writeString(folder.resolve("users.csv"), "a,30\nb,50\nc,40\n");
        Files.writeString(folder.resolve("items.csv"), "x,book\ny,film\nz,book\nw,film\nv,book\n");
        try (PreparedData data = data()) {
            data.ingest(dataset("user STRING", ""));
            assertThat(data.manifests.get("ingest").rows().keySet()).noneMatch(name -> name.startsWith("unlisted"));
            assertThat(data.work.storage().list(data.work.path("unlisted"))).isEmpty();
            assertThat(data.table(Tables.INTERACTIONS)
                            .filter("user_index IS NULL")
                            .count())
                    .isZero();
        }
    }

    private PreparedData data(String... settings) {
        return new PreparedData("local[1]", 2, folder.toString(), folder.resolve("work"), settings);
    }

    private DatasetDefinition dataset(String userColumn, String more) {
        return DatasetDefinition.fromJson(
                """
                {
                  "interactions": {"path": "%1$s/lines.csv", "columns": "user STRING, item STRING, time BIGINT"},
                  "users": {"path": "%1$s/users.csv", "columns": "%2$s, age DOUBLE"},
                  "items": {"path": "%1$s/items.csv", "columns": "item STRING, kind STRING"},
                  %3$s
                  "user": "user", "item": "item", "time": "time",
                  "features": [
                    {"name": "user", "type": "sparse", "group": "user"},
                    {"name": "band", "type": "sparse", "group": "user", "expression": "age", "buckets": [0, 40]},
                    {"name": "age", "type": "dense", "group": "user", "scaling": "standard"},
                    {"name": "item", "type": "sparse", "group": "item"},
                    {"name": "kind", "type": "sparse", "group": "item"},
                    {"name": "recent", "type": "sequence", "history": {"of": "item", "last": 9}}
                  ]
                }
                """
                        .formatted(folder, userColumn, more),
                "test");
    }

    private static Map<String, Row> encoded(PreparedData data, String table, String key) {
        return data.table(Tables.ENCODED + "/" + table).collectAsList().stream()
                .collect(Collectors.toMap(row -> row.getAs(key), row -> row));
    }

    private static List<String> lists(PreparedData data) {
        return data
                .table(Tables.CANDIDATES + "/" + Tables.TEST)
                .orderBy(col(Tables.USER_INDEX))
                .collectAsList()
                .stream()
                .map(row -> row.<Integer>getAs(Tables.USER_INDEX) + " " + row.<Integer>getAs(Tables.ITEM_INDEX) + " "
                        + row.<Integer>getList(row.fieldIndex(Tables.NEGATIVES)))
                .toList();
    }
}
