package io.deepfm.data.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.data.encode.Encoders;
import io.deepfm.data.encode.FieldEncoder;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/** Histories of random logs, in which times repeat, against what plain lists say. */
class UserHistoryTest {

    private static final int LAST = 3;
    private static final DatasetDefinition DATASET = DatasetDefinition.fromJson(
            """
            {
              interactions { path = x, header = true }, user = user, item = item, time = at, label = "stars >= 4"
              features = [
                { name = item, type = sparse, group = item }
                { name = recent, type = sequence, history { of = item, last = 3 } }
                { name = liked, type = sequence, history { of = item, last = 2, where = "label = 1 AND stars < 5" } }
                { name = gap, type = dense, history { of = gap } }
                { name = activity, type = dense, history { of = count, where = "stars > 1" } }
              ]
            }""",
            "a test");
    /** The ids that the items 0 to 5 have; item 5 is unknown. */
    private static final List<String> VOCABULARY = List.of("3", "1", "0", "4", "2");

    private static SparkSession spark;

    private record Event(int user, int item, long at, Integer stars, String split, long interaction) {
        boolean isBefore(Event other) {
            return user == other.user && (at < other.at || at == other.at && interaction < other.interaction);
        }

        int id() {
            return VOCABULARY.indexOf(Integer.toString(item)) + 1;
        }
    }

    @BeforeContainer
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
    }

    @AfterContainer
    static void stop() {
        spark.stop();
    }

    @Property(tries = 8)
    void aHistoryHoldsWhatTheSplitAllowsOfWhatCameBefore(@ForAll long seed) {
        List<Event> log = log(new Random(seed));
        Encoders encoders = new Encoders(DATASET, Map.of("item", new FieldEncoder.Vocabulary(VOCABULARY)));
        SplitHistories splits = new SplitHistories(DATASET, encoders, split -> rows(log, split));
        Predicate<Event> train = event -> event.split().equals(Tables.TRAIN);
        Predicate<Event> before = event -> !event.split().equals(Tables.TEST);
        assertThat(found(splits.of(Tables.TRAIN))).isEqualTo(expected(log, Tables.TRAIN, train));
        assertThat(found(splits.of(Tables.VALIDATION))).isEqualTo(expected(log, Tables.VALIDATION, train));
        assertThat(found(splits.of(Tables.TEST))).isEqualTo(expected(log, Tables.TEST, before));
        assertThat(found(splits.testSeeingTrain())).isEqualTo(expected(log, Tables.TEST, train));
    }

    @Example
    void aWarmStartFindsTheItemsOfHistoriesAmongTheEarlierItems() {
        FieldEncoder none = new FieldEncoder.Unscaled();
        Encoders today = new Encoders(
                DATASET, Map.of("item", new FieldEncoder.Vocabulary(VOCABULARY), "gap", none, "activity", none));
        Map<String, int[]> ids = today.idsIn(
                Map.of("item", new FieldEncoder.Vocabulary(List.of("1", "3")), "gap", none, "activity", none));
        assertThat(ids.get("item")).containsExactly(0, 2, 1, 0, 0, 0);
        assertThat(ids.get("recent")).containsExactly(ids.get("item"));
        assertThat(ids.get("gap")).isEmpty();
    }

    /** Users with none to a few dozen interactions at eight times, in any order, each in any split. */
    private static List<Event> log(Random random) {
        int count = 150;
        List<Long> places = new ArrayList<>();
        for (long place = 0; place < count; place++) {
            places.add(place);
        }
        Collections.shuffle(places, random);
        List<Event> log = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int user = (int) Math.abs(random.nextGaussian() * 4);
            String split = Tables.SPLITS.get(Math.max(0, random.nextInt(5) - 2));
            Integer stars = random.nextInt(9) == 0 ? null : 1 + random.nextInt(5);
            log.add(new Event(user, random.nextInt(6), random.nextInt(8), stars, split, places.get(i)));
        }
        return log;
    }

    private static Dataset<Row> rows(List<Event> log, String split) {
        StructType columns = new StructType()
                .add("user", "string")
                .add("item", "int")
                .add("at", "int")
                .add("stars", "int")
                .add(Tables.USER_INDEX, "int")
                .add(Tables.INTERACTION, "long")
                .add(Tables.TIME, "long");
        List<Row> rows = log.stream()
                .filter(event -> event.split().equals(split))
                .map(event -> RowFactory.create(
                        "u" + event.user(),
                        event.item(),
                        (int) event.at(),
                        event.stars(),
                        event.user(),
                        event.interaction(),
                        event.at()))
                .toList();
        return spark.createDataFrame(rows, columns)
                .withColumn(Tables.RAW_LABEL, functions.expr("CAST(stars >= 4 AS DOUBLE)"));
    }

    private static List<String> found(Dataset<Row> rows) {
        return rows
                .select(Tables.INTERACTION, "_history_recent", "_history_liked", "_history_gap", "_history_activity")
                .collectAsList()
                .stream()
                .sorted(Comparator.comparingLong(row -> row.getLong(0)))
                .map(row -> row.getLong(0) + " " + row.getList(1) + " " + row.getList(2) + " " + row.get(3) + " "
                        + row.get(4))
                .toList();
    }

    private static List<String> expected(List<Event> log, String split, Predicate<Event> counts) {
        return log.stream()
                .filter(event -> event.split().equals(split))
                .sorted(Comparator.comparingLong(Event::interaction))
                .map(event -> {
                    List<Event> latestFirst = log.stream()
                            .filter(counts)
                            .filter(other -> other.isBefore(event))
                            .sorted(Comparator.comparingLong(Event::at)
                                    .thenComparing(Event::interaction)
                                    .reversed())
                            .toList();
                    assertThat(latestFirst).doesNotContain(event);
                    return event.interaction() + " " + ids(latestFirst.stream(), LAST) + " "
                            + ids(
                                    latestFirst.stream()
                                            .filter(other -> Integer.valueOf(4).equals(other.stars())),
                                    2)
                            + " "
                            + latestFirst.stream()
                                    .findFirst()
                                    .map(other -> (double) (event.at() - other.at()))
                                    .orElse(null)
                            + " "
                            + (double) latestFirst.stream()
                                    .filter(other -> other.stars() != null && other.stars() > 1)
                                    .count();
                })
                .toList();
    }

    private static List<Integer> ids(Stream<Event> latestFirst, int last) {
        return latestFirst.limit(last).map(Event::id).toList();
    }
}
