package io.deepfm.data.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.data.PreparedData;
import io.deepfm.data.TinyDataset;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetProfileTest {

    private static final List<FeatureDefinition> FEATURES = List.of(
            FeatureDefinition.sparse("job", FieldGroup.USER, "occupation", 2),
            // 0 to 3 values, the third of which is cut.
            FeatureDefinition.sequence(
                    "marks", FieldGroup.ITEM, "slice(array('x', 'y', 'z'), 1, int(movie_id % 4))", 2, 2, Combiner.MEAN),
            FeatureDefinition.sparse("stars", FieldGroup.CONTEXT, "int(rating)", 2),
            FeatureDefinition.dense("late", FieldGroup.CONTEXT, "timestamp", 2));

    @TempDir
    private Path folder;

    @Test
    void frequentValuesCutSequencesAndActivityAreCountedInTheRows() {
        Path raw = TinyDataset.write(folder.resolve("raw"));
        try (PreparedData data = new PreparedData("local[2]", 2, raw.toString(), folder.resolve("work"))) {
            DatasetDefinition dataset = data.dataset().withFeatures(FEATURES);
            data.prepare(dataset, 0);
            DatasetProfile profile = DatasetProfile.of(data.spark, data.work, dataset);

            List<Row> train = data.table(Tables.SPLIT + "/" + Tables.TRAIN).collectAsList();
            long writers = train.stream()
                    .filter(row -> row.<Long>getAs("user_id") % 3 == 0)
                    .count();
            // 10 of 30 users are writers, the others bakers.
            assertThat(profile.top().get("job"))
                    .containsExactlyEntriesOf(ordered("baker", train.size() - writers, "writer", writers));
            assertThat(profile.top().get("marks"))
                    .containsExactlyEntriesOf(ordered("x", items(train, 1, 2, 3), "y", items(train, 2, 3)));
            assertThat(profile.top().get("stars").keySet()).containsExactlyInAnyOrder("2", "3", "4", "5");
            assertThat(List.copyOf(profile.top().get("stars").values())).isSortedAccordingTo(Comparator.reverseOrder());
            assertThat(profile.top()).doesNotContainKey("late");
            assertThat(profile.cut().get(Tables.TRAIN)).containsOnlyKeys("marks");
            assertThat(profile.cut().get(Tables.TRAIN).get("marks"))
                    .isCloseTo((double) items(train, 3) / train.size(), within(1e-12));
            // User u has 5 + u % 7 ratings, user 1 has two.
            Map<Long, Long> users = new TreeMap<>(Map.of(2L, 1L));
            for (int user = 2; user <= TinyDataset.USERS; user++) {
                users.merge(5L + user % 7, 1L, Long::sum);
            }
            assertThat(profile.users().keys()).isEqualTo(users);
        }
    }

    private static long items(List<Row> rows, long... rests) {
        return rows.stream()
                .filter(row -> LongStream.of(rests).anyMatch(rest -> row.<Long>getAs("movie_id") % 4 == rest))
                .count();
    }

    private static Map<String, Long> ordered(String first, long a, String second, long b) {
        Map<String, Long> map = new LinkedHashMap<>();
        map.put(first, a);
        map.put(second, b);
        return map;
    }

    @Test
    void activityHasItsExactMomentsAndBarsOfDoublingWidth() {
        // 1, 1, 2, 3, 8 interactions.
        Activity activity = new Activity(new TreeMap<>(Map.of(1L, 2L, 2L, 1L, 3L, 1L, 8L, 1L)));
        assertThat(activity.min()).isEqualTo(1);
        assertThat(activity.median()).isEqualTo(2);
        assertThat(activity.mean()).isEqualTo(3);
        assertThat(activity.max()).isEqualTo(8);
        assertThat(activity.histogram())
                .containsExactly(
                        new Activity.Bar(1, 1, 2),
                        new Activity.Bar(2, 3, 2),
                        new Activity.Bar(4, 7, 0),
                        new Activity.Bar(8, 15, 1));
        assertThat(new Activity(new TreeMap<>(Map.of(1L, 1L, 4L, 1L))).median()).isEqualTo(2.5);
    }

    @Test
    void theTextIsInAlignedColumns() {
        DatasetSchema schema = new DatasetSchema(
                List.of(
                        FieldSchema.sparse("job", FieldGroup.USER, 3, 2),
                        FieldSchema.sequence("tags", FieldGroup.ITEM, 9, 4, 2, Combiner.MEAN)),
                "label");
        Activity few = new Activity(new TreeMap<>(Map.of(1L, 30L, 3L, 10L, 4L, 1L)));
        Map<String, DatasetProfile.Counts> counts = new LinkedHashMap<>();
        Map<String, Map<String, Double>> none = new LinkedHashMap<>();
        Map<String, Map<String, Double>> cut = new LinkedHashMap<>();
        for (String split : Tables.SPLITS) {
            counts.put(split, new DatasetProfile.Counts(200, 50));
            none.put(split, Map.of("job", 0.0, "tags", 0.125));
            cut.put(split, Map.of("tags", 0.5));
        }
        Map<String, Long> long1 = ordered("a value\tof more than twenty-four", 150, "b", 50);
        assertThat(ProfileText.of(
                        new DatasetProfile(schema, counts, none, none, cut, Map.of("job", long1), few, few), true))
                .containsSubsequence(
                        "  field  type      group          ids   dim  train  valid.    test    train  valid.    test    train  valid.    test",
                        "  job    sparse    user             3     2    0.0     0.0     0.0      0.0     0.0     0.0",
                        "  tags   sequence  item             9     4   12.5    12.5    12.5     12.5    12.5    12.5     50.0    50.0    50.0",
                        "  most frequent values, with the % of training rows that have them",
                        "  job    a value of more than ... 75.0, b 25.0",
                        "  train                200 rows,  25.0 % positive",
                        "  interactions per user  min 1, median 1, mean 1.6, max 4",
                        "                        1  ########################################            30 users",
                        "                   2 to 3  ##############                                      10 users",
                        "                   4 to 7  ##                                                   1 users");
    }
}
