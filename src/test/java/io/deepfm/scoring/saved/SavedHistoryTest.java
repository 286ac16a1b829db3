package io.deepfm.scoring.saved;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.config.ConfigLoader;
import io.deepfm.data.EncodeStage;
import io.deepfm.data.PreparedData;
import io.deepfm.data.TinyDataset;
import io.deepfm.data.encode.FieldEncoder;
import io.deepfm.data.encode.FieldEncoder.Log1p;
import io.deepfm.data.encode.FieldEncoder.Vocabulary;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The histories of training and of what is predicted later, against plain lists over the raw file. */
class SavedHistoryTest {

    private static final List<String> HISTORIES = List.of("gap", "recent", "liked", "disliked", "activity");

    private static final String FEATURES =
            """
            { name = gap, type = dense, history { of = gap } }
            { name = recent, type = sequence, history { of = item, last = 5 } }
            { name = liked, type = sequence, history { of = item, last = 20, where = "label = 1" }, combiner = sqrtn }
            { name = disliked, type = sequence, history { of = item, last = 20, where = "label = 0" }, combiner = sqrtn }
            { name = activity, type = dense, history { of = count } }
            """;

    @TempDir
    private static Path folder;

    private static PreparedData data;
    private static Path raw;
    private static SavedDataset saved;
    private static DatasetSchema schema;
    private static Map<String, FieldEncoder> encoders;
    private static final List<Rating> RATINGS = new ArrayList<>();

    /** A line of the raw file and the split that it belongs to. */
    private record Rating(String user, String item, int stars, long time, int line, String split) {
        boolean isBefore(Rating other) {
            return user.equals(other.user) && (time < other.time || time == other.time && line < other.line);
        }
    }

    @BeforeAll
    static void prepare() throws IOException {
        raw = TinyDataset.write(folder.resolve("raw"));
        data = new PreparedData(
                "local[2]", 3, raw.toString(), folder.resolve("work"), "data.dataset_name=movielens-100k");
        String json = ConfigLoader.toJson(data.dataset());
        DatasetDefinition withGap = DatasetDefinition.fromJson(
                json.replaceFirst("\"features\" ?: ?\\[", "\"features\":[" + FEATURES), "a test");
        data.prepare(withGap, 0);
        schema = DatasetSchema.fromJson(data.work.storage().readString(data.work.path(EncodeStage.SCHEMA)));
        saved = SavedDataset.read(data.spark, data.work.storage(), data.work.path(Tables.ENCODED), schema);
        encoders = FieldEncoder.fromJson(data.work.storage().readString(data.work.path(EncodeStage.ENCODERS)));
        readRatings();
    }

    @AfterAll
    static void stop() {
        data.close();
    }

    private static void readRatings() throws IOException {
        List<Rating> read = new ArrayList<>();
        for (String line : Files.readAllLines(raw.resolve("u.data"))) {
            String[] of = line.split("\t");
            read.add(new Rating(of[0], of[1], Integer.parseInt(of[2]), Long.parseLong(of[3]), read.size(), ""));
        }
        for (Rating rating : read) {
            long all = read.stream()
                    .filter(other -> other.user().equals(rating.user()))
                    .count();
            long later = read.stream().filter(rating::isBefore).count();
            String split = all < 3 || later > 1 ? Tables.TRAIN : later == 1 ? Tables.VALIDATION : Tables.TEST;
            RATINGS.add(new Rating(rating.user(), rating.item(), rating.stars(), rating.time(), rating.line(), split));
        }
    }

    @Test
    void aHistorySharesTheTableOfTheItems() {
        FieldSchema movies = field("movie_id");
        assertThat(field("recent").table()).isEqualTo("movie_id");
        assertThat(field("recent").embeddingDim()).isEqualTo(movies.embeddingDim());
        assertThat(field("recent").vocabularySize()).isEqualTo(movies.vocabularySize());
        assertThat(field("recent").maxLength()).isEqualTo(5);
        assertThat(encoders).doesNotContainKeys("recent", "liked", "disliked").containsKeys("activity", "gap");
    }

    @Test
    void eachSplitSeesWhatItMayAndTheCandidateListsWithIt() {
        Predicate<Rating> train = rating -> rating.split().equals(Tables.TRAIN);
        Predicate<Rating> before = rating -> !rating.split().equals(Tables.TEST);
        require(data.table(Tables.ENCODED + "/interactions/train"), Tables.TRAIN, train);
        require(data.table(Tables.ENCODED + "/interactions/validation"), Tables.VALIDATION, train);
        require(data.table(Tables.ENCODED + "/interactions/test"), Tables.TEST, before);
        require(data.table(Tables.ENCODED + "/" + Tables.TEST_SEEING_TRAIN), Tables.TEST, train);
        require(data.table(Tables.CANDIDATES + "/validation"), Tables.VALIDATION, train);
        require(data.table(Tables.CANDIDATES + "/test"), Tables.TEST, before);
    }

    @Test
    void rawRowsOfTheLogGetTheHistoriesThatTrainingAndEvaluationHad() {
        Map<Integer, String> encoded = new TreeMap<>();
        for (String split : Tables.SPLITS) {
            data.table(Tables.ENCODED + "/interactions/" + split)
                    .collectAsList()
                    .forEach(row -> encoded.put(
                            (int) row.<Long>getAs(Tables.INTERACTION).longValue(), histories(row)));
        }
        Map<Integer, String> predicted = new TreeMap<>();
        context(saved.interactions(raw.resolve("u.data").toString(), Optional.empty(), Optional.empty()))
                .forEach((line, row) -> predicted.put(line, histories(row)));
        assertThat(predicted).hasSize(RATINGS.size()).isEqualTo(encoded);
    }

    @Test
    void aRecommendationSeesWhatTheTestRowSawIfItKnowsAsMuch() throws IOException {
        List<String> lines = Files.readAllLines(raw.resolve("u.data"));
        Path known = Files.write(
                folder.resolve("known.data"),
                RATINGS.stream()
                        .filter(rating -> !rating.split().equals(Tables.TEST))
                        .map(rating -> lines.get(rating.line()))
                        .toList());
        Map<String, String> recommended = new HashMap<>();
        Dataset<Row> contexts = saved.withHistory(Optional.of(known.toString()))
                .withContexts(saved.tables().savedUsers());
        contexts.collectAsList()
                .forEach(row -> recommended.put(
                        row.getAs(Tables.USER_KEY).toString(),
                        historiesButGap(row.getAs(SavedDataset.features(FieldGroup.CONTEXT)))));
        Map<String, String> encoded = new HashMap<>();
        data.table(Tables.ENCODED + "/interactions/test")
                .collectAsList()
                .forEach(row -> encoded.put(rating(row).user(), historiesButGap(row)));
        assertThat(recommended).hasSize(TinyDataset.USERS).containsAllEntriesOf(encoded);
        assertThat(encoded).hasSizeGreaterThan(20);
    }

    @Test
    void withoutATimeARowSeesAllThatIsKeptAndAnUnknownUserNothing() throws IOException {
        Path rows = Files.write(folder.resolve("new.data"), List.of("7\t3", "999\t3"));
        Map<Integer, Row> found = context(saved.interactions(rows.toString(), Optional.empty(), Optional.empty()));
        Rating now = new Rating("7", "3", 0, Long.MAX_VALUE, Integer.MAX_VALUE, "");
        assertThat(found.get(1).<Integer>getList(found.get(1).fieldIndex("recent")))
                .isEqualTo(ids(before(now, rating -> true), 5));
        assertThat(historiesButGap(found.get(2))).startsWith("[] [] [] ");
        assertThat(found.get(2).<Float>getAs("activity")).isCloseTo((float) scaled("activity", 0.0), within(1e-5f));
    }

    private static void require(Dataset<Row> table, String split, Predicate<Rating> counts) {
        List<Row> rows = table.collectAsList();
        assertThat(rows).hasSize((int)
                RATINGS.stream().filter(rating -> rating.split().equals(split)).count());
        for (Row row : rows) {
            Rating rating = rating(row);
            assertThat(rating.split()).isEqualTo(split);
            List<Rating> before = before(rating, counts);
            assertThat(row.<Integer>getList(row.fieldIndex("recent"))).isEqualTo(ids(before, 5));
            assertThat(row.<Integer>getList(row.fieldIndex("liked")))
                    .isEqualTo(ids(
                            before.stream().filter(other -> other.stars() >= 4).toList(), 20));
            assertThat(row.<Integer>getList(row.fieldIndex("disliked")))
                    .isEqualTo(ids(
                            before.stream().filter(other -> other.stars() < 4).toList(), 20));
            assertThat((double) row.<Float>getAs("activity"))
                    .isCloseTo(scaled("activity", before.size()), within(1e-5));
            double gap = before.isEmpty()
                    ? 0
                    : scaled("gap", rating.time() - before.get(0).time());
            assertThat((double) row.<Float>getAs("gap")).isCloseTo(gap, within(1e-5));
        }
    }

    private static Rating rating(Row row) {
        return RATINGS.get((int) row.<Long>getAs(Tables.INTERACTION).longValue() - 1);
    }

    /** What counts and came before, the latest first. */
    private static List<Rating> before(Rating rating, Predicate<Rating> counts) {
        return RATINGS.stream()
                .filter(counts)
                .filter(other -> other.isBefore(rating))
                .sorted(Comparator.comparingLong(Rating::time)
                        .thenComparing(Rating::line)
                        .reversed())
                .toList();
    }

    private static List<Integer> ids(List<Rating> ratings, int last) {
        List<String> values = ((Vocabulary) encoders.get("movie_id")).values();
        return ratings.stream()
                .limit(last)
                .map(rating -> values.indexOf(rating.item()) + 1)
                .toList();
    }

    private static double scaled(String field, double value) {
        Log1p encoder = (Log1p) encoders.get(field);
        return (Math.log1p(value) - encoder.mean()) / encoder.deviation();
    }

    private static Map<Integer, Row> context(Dataset<Row> interactions) {
        Map<Integer, Row> rows = new TreeMap<>();
        interactions
                .collectAsList()
                .forEach(row -> rows.put(
                        (int) row.<Long>getAs(SavedDataset.LINE).longValue(),
                        row.getAs(SavedDataset.features(FieldGroup.CONTEXT))));
        return rows;
    }

    private static String histories(Row row) {
        return row.getAs("gap") + " " + historiesButGap(row);
    }

    private static String historiesButGap(Row row) {
        return Stream.of("recent", "liked", "disliked")
                        .map(name -> row.getList(row.fieldIndex(name)).toString())
                        .reduce("", (left, right) -> left + right + " ")
                + row.getAs("activity");
    }

    private static FieldSchema field(String name) {
        assertThat(schema.fields(FieldGroup.CONTEXT))
                .extracting(FieldSchema::name)
                .containsExactlyElementsOf(HISTORIES);
        return schema.fields().stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
