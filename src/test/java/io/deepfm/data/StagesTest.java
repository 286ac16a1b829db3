package io.deepfm.data;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each stage's output over the tiny dataset, checked against the raw files. */
class StagesTest {

    private record Rating(long line, int user, int item, int rating, long time) {}

    @TempDir
    private static Path folder;

    private static PreparedData data;
    private static List<Rating> raw;

    @BeforeAll
    static void prepare() throws Exception {
        Path files = TinyDataset.write(folder.resolve("raw"));
        raw = new ArrayList<>();
        for (String line : Files.readAllLines(files.resolve("u.data"))) {
            String[] parts = line.split("\t");
            raw.add(new Rating(
                    raw.size() + 1,
                    Integer.parseInt(parts[0]),
                    Integer.parseInt(parts[1]),
                    Integer.parseInt(parts[2]),
                    Long.parseLong(parts[3])));
        }
        data = new PreparedData(
                        "local[2]",
                        2,
                        files.toString(),
                        folder.resolve("work"),
                        "data.num_neg_eval=20",
                        "data.shard_rows=100")
                .prepare(2);
    }

    @AfterAll
    static void stop() {
        data.close();
    }

    @Test
    void ingestKeepsEveryRowAndNumbersUsersAndItemsInTheFilesOrder() {
        assertThat(data.rows("ingest", "interactions")).isEqualTo(raw.size());
        Map<Integer, Long> userOfRow = data.table(Tables.USERS).collectAsList().stream()
                .collect(Collectors.toMap(row -> row.getAs(Tables.USER_INDEX), row -> row.getAs("user_id")));
        for (int row = 0; row < TinyDataset.USERS; row++) {
            assertThat(userOfRow.get(row)).isEqualTo(row + 1);
        }
        Row first = data.table(Tables.INTERACTIONS)
                .filter(col(Tables.INTERACTION).equalTo(1))
                .head();
        assertThat(first.<Integer>getAs(Tables.USER_INDEX)).isEqualTo(raw.get(0).user() - 1);
        assertThat(first.<Integer>getAs(Tables.ITEM_INDEX)).isEqualTo(raw.get(0).item() - 1);
        assertThat(first.<Double>getAs(Tables.RAW_LABEL)).isEqualTo(raw.get(0).rating() >= 4 ? 1.0 : 0.0);
        assertThat(data.table(Tables.ITEMS).filter("movie_id = 7").head().<String>getAs("title"))
                .isEqualTo("Título 7");
    }

    @Test
    void theLastTwoInteractionsOfAUserAreHeldOutAndTiesGoByTheFilesOrder() {
        Map<Long, String> expected = new HashMap<>();
        raw.stream().collect(Collectors.groupingBy(Rating::user)).forEach((user, ratings) -> {
            List<Rating> byTime = ratings.stream()
                    .sorted(Comparator.comparingLong(Rating::time).thenComparingLong(Rating::line))
                    .toList();
            for (int i = 0; i < byTime.size(); i++) {
                boolean trainOnly = byTime.size() < 3;
                String split = trainOnly || i < byTime.size() - 2
                        ? Tables.TRAIN
                        : i == byTime.size() - 1 ? Tables.TEST : Tables.VALIDATION;
                expected.put(byTime.get(i).line(), split);
            }
        });
        Map<Long, String> found = new HashMap<>();
        for (String split : Tables.SPLITS) {
            for (Row row : data.table(Tables.SPLIT + "/" + split).collectAsList()) {
                assertThat(found.put(row.getAs(Tables.INTERACTION), split)).isNull();
            }
        }
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void idsAreOneToNInTrainAndZeroForWhatTrainNeverSaw() {
        DatasetSchema schema =
                DatasetSchema.fromJson(data.work.storage().readString(data.work.path(EncodeStage.SCHEMA)));
        Set<Integer> trainItems = rows(Tables.ENCODED + "/interactions/train", Tables.ITEM_INDEX);
        FieldSchema movie = schema.fields().stream()
                .filter(field -> field.name().equals("movie_id"))
                .findFirst()
                .orElseThrow();
        assertThat(movie.vocabularySize()).isEqualTo(trainItems.size() + 1);
        Set<Integer> ids = new HashSet<>();
        for (Row row : data.table(Tables.ENCODED + "/" + Tables.ITEMS).collectAsList()) {
            int id = row.getAs("movie_id");
            boolean inTrain = trainItems.contains(row.<Integer>getAs(Tables.ITEM_INDEX));
            assertThat(id > 0).isEqualTo(inTrain);
            assertThat(id).isLessThan(movie.vocabularySize());
            assertThat(id == 0 || ids.add(id)).isTrue();
            assertThat(row.getList(row.fieldIndex("genres"))).hasSizeBetween(1, 2);
        }
    }

    @Test
    void candidatesAreUnseenAndDrawnForEachSplitAlone() {
        Map<Integer, Set<Integer>> seen = seen();
        Map<Integer, List<Integer>> validation = negatives(Tables.VALIDATION, seen);
        Map<Integer, List<Integer>> test = negatives(Tables.TEST, seen);
        assertThat(test).hasSize(TinyDataset.USERS - 1);
        assertThat(test).isNotEqualTo(validation);
        test.values().forEach(items -> assertThat(items).hasSize(20));
    }

    @Test
    void anEpochHoldsEveryTrainingRowAndFourFreshNegativesPerPositive() {
        Map<Integer, Set<Integer>> seen = seen();
        List<String> train = observed(data.table(Tables.ENCODED + "/interactions/train"));
        List<List<String>> epochs = new ArrayList<>();
        for (int epoch = 1; epoch <= 2; epoch++) {
            Dataset<Row> groups = data.table(Tables.EPOCHS + "/epoch-0000" + epoch);
            assertThat(observed(groups)).isEqualTo(train);
            List<String> negatives = new ArrayList<>();
            for (Row group : groups.collectAsList()) {
                int user = group.getAs(Tables.USER_INDEX);
                List<Integer> items = group.getList(group.fieldIndex(Tables.NEGATIVES));
                assertThat(items)
                        .hasSize(4 * group.<Integer>getAs(Tables.LABEL))
                        .doesNotHaveDuplicates()
                        .doesNotContainAnyElementsOf(seen.get(user))
                        .allMatch(item -> item >= 0 && item < TinyDataset.ITEMS);
                items.forEach(item -> negatives.add(user + ":" + item));
            }
            assertThat(data.rows("epoch-0000" + epoch, "groups")).isEqualTo(train.size());
            assertThat(data.rows("epoch-0000" + epoch, "rows")).isEqualTo(train.size() + negatives.size());
            negatives.sort(null);
            epochs.add(negatives);
        }
        assertThat(epochs.get(0)).isNotEqualTo(epochs.get(1));
    }

    @Test
    void anEpochIsTheSameWhicheverEpochsAreSampledWithIt() {
        List<List<Row>> together = List.of(groups(3, 5), groups(4, 4));
        List<List<Row>> alone = List.of(groups(3, 3), groups(4, 5));
        assertThat(alone).isEqualTo(together);
        assertThat(together.get(0)).isNotEqualTo(together.get(1)).hasSameSizeAs(together.get(1));
    }

    /** The groups of the first epoch, in the order of training, where it is sampled with the next ones up to the last. */
    private static List<Row> groups(int first, int last) {
        data.forget(first, last);
        data.sample(first, last);
        return data.table(Tables.EPOCHS + "/epoch-0000" + first)
                .coalesce(1)
                .withColumn("position", functions.monotonically_increasing_id())
                .orderBy("shard", "position")
                .drop("position")
                .collectAsList();
    }

    private static List<String> observed(Dataset<Row> rows) {
        return rows.select(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.LABEL).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    @Test
    void anEpochIsShuffledOverAllShards() {
        long shards = data.rows("epoch-00001", "shards");
        assertThat(shards).isGreaterThan(3);
        long ofOneUser = data.table(Tables.EPOCHS + "/epoch-00001")
                .filter(col(Tables.USER_INDEX).equalTo(5))
                .select("shard")
                .distinct()
                .count();
        assertThat(ofOneUser).isGreaterThan(shards / 2);
    }

    private static Map<Integer, Set<Integer>> seen() {
        return raw.stream()
                .collect(Collectors.groupingBy(
                        rating -> rating.user() - 1,
                        Collectors.mapping(rating -> rating.item() - 1, Collectors.toSet())));
    }

    private static Set<Integer> rows(String table, String column) {
        return data.table(table).collectAsList().stream()
                .map(row -> row.<Integer>getAs(column))
                .collect(Collectors.toSet());
    }

    private static Map<Integer, List<Integer>> negatives(String split, Map<Integer, Set<Integer>> seen) {
        Map<Integer, List<Integer>> negatives = new HashMap<>();
        for (Row row : data.table(Tables.CANDIDATES + "/" + split).collectAsList()) {
            List<Integer> items = row.getList(row.fieldIndex(Tables.NEGATIVES));
            int user = row.getAs(Tables.USER_INDEX);
            assertThat(items).doesNotHaveDuplicates().doesNotContainAnyElementsOf(seen.get(user));
            negatives.put(user, items);
        }
        return negatives;
    }
}
