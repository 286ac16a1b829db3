package io.deepfm.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
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

/** Rankings have the logits of a forward pass over each list alone. */
class RankingJobTest {

    /** What a list holds; interactions count from 100. */
    private record Listed(int user, int label, int hour, int... items) {}

    private static final List<Listed> LISTS = List.of(
            new Listed(0, 1, 2, 3, 0, 1, 2, 4),
            new Listed(1, 0, 3, 2, 2, 1),
            new Listed(2, 1, 1, 4),
            new Listed(0, 1, 0, 1, 3));

    @TempDir
    private Path folder;

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = TinyModel.spark();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void eachListIsScoredInItsOwnContext() {
        TinyModel model = model(TinyModel.WHO, TinyModel.WHAT, TinyModel.HOUR);
        // Batches smaller than a list, of several lists, and of all.
        for (int batchSize : new int[] {2, 4, 100}) {
            check(model, rank(model, batchSize, 11, LISTS));
        }
    }

    @Test
    void usersAndContextsMayHaveNoFeatures() {
        TinyModel model = model(TinyModel.WHAT);
        List<Row> rankings = rank(model, 4, 11, LISTS);
        check(model, rankings);
        // The second list's held-out item is also its first negative: a tie, which counts against it.
        assertThat(rankings.get(1).<Integer>getAs("rank")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void aListMayHoldOneCandidate() {
        TinyModel model = model(TinyModel.HOUR);
        List<Listed> ones = List.of(new Listed(0, 1, 2, 3), new Listed(1, 0, 3, 2), new Listed(2, 1, 1, 4));
        List<Row> rankings = rank(model, 2, 3, ones);
        for (int i = 0; i < ones.size(); i++) {
            Row row = rankings.get(i);
            assertThat(row.<Float>getAs("logit")).isCloseTo(logits(model, ones.get(i))[0], within(1e-6f));
            assertThat(row.getList(row.fieldIndex("negative_logits"))).isEmpty();
            assertThat(row.<Integer>getAs("rank")).isEqualTo(1);
        }
    }

    @Test
    void partitionsMayBeEmptyAndTheirNumberDoesNotMatter() {
        TinyModel model = model(TinyModel.WHO, TinyModel.WHAT, TinyModel.HOUR);
        // As if there were a million candidates: many more partitions than lists.
        assertThat(rank(model, 4, 1_000_000, LISTS)).isEqualTo(rank(model, 4, 11, LISTS));
        assertThat(rank(model, 4, 0, List.of())).isEmpty();
    }

    @Test
    void rawIdsStandBesideTheRows() {
        TinyModel model = model(TinyModel.WHO, TinyModel.WHAT);
        Row row = rank(model, 4, 11, LISTS).get(2);
        assertThat(row.schema().fieldNames())
                .containsExactly(
                        "user",
                        "item",
                        "label",
                        "rank",
                        "logit",
                        "like_logit",
                        "candidates",
                        "user_index",
                        "item_index",
                        "interaction",
                        "negatives",
                        "negative_logits");
        assertThat(row.getList(row.fieldIndex("negatives"))).isEmpty();
        assertThat(row.<String>getAs("user")).isEqualTo("user 2");
        assertThat(row.<String>getAs("item")).isEqualTo("item 4");
    }

    @Test
    void aCopyOfTheTransformerScoresAlike() {
        TinyModel model = model(TinyModel.WHO, TinyModel.WHAT);
        CandidateTransformer transformer = new CandidateTransformer()
                .setModelUrl(folder.toString())
                .setInputCols("whose", "which")
                .setOutputCol("found")
                .setLikeCol("liked");
        StructType type = new StructType()
                .add("which", DataTypes.createArrayType(DataTypes.IntegerType))
                .add("whose", DataTypes.IntegerType)
                .add("note", DataTypes.StringType);
        Dataset<Row> rows = spark.createDataFrame(List.of(RowFactory.create(List.of(4, 1), 1, "kept")), type);
        Row scored =
                transformer.copy(transformer.extractParamMap()).transform(rows).first();
        assertThat(scored.schema().fieldNames()).containsExactly("which", "whose", "note", "found", "liked");
        assertThat(scored.getString(2)).isEqualTo("kept");
        assertThat(floats(scored, 3)).containsExactly(model.logits(1, 0, 4, 1), within(1e-6f));
        assertThat(scored.getFloat(4)).as("one head").isEqualTo(floats(scored, 3)[0]);
    }

    private TinyModel model(FieldSchema... fields) {
        return new TinyModel(spark, 7, fields).write(folder);
    }

    private static void check(TinyModel model, List<Row> rankings) {
        assertThat(rankings).hasSameSizeAs(LISTS);
        for (int i = 0; i < LISTS.size(); i++) {
            float[] expected = logits(model, LISTS.get(i));
            Row row = rankings.get(i);
            assertThat(row.<Float>getAs("logit")).isCloseTo(expected[0], within(1e-6f));
            float[] negatives = floats(row, row.fieldIndex("negative_logits"));
            assertThat(negatives)
                    .containsExactly(java.util.Arrays.copyOfRange(expected, 1, expected.length), within(1e-6f));
            float logit = row.getAs("logit");
            long above = IntStream.range(0, negatives.length)
                    .filter(negative -> negatives[negative] >= logit)
                    .count();
            assertThat(row.<Integer>getAs("rank")).isEqualTo((int) above + 1);
            assertThat(row.<Integer>getAs("candidates")).isEqualTo(expected.length);
            assertThat(row.<Integer>getList(row.fieldIndex("negatives")))
                    .containsExactly(
                            IntStream.of(LISTS.get(i).items()).skip(1).boxed().toArray(Integer[]::new));
            assertThat(row.<Integer>getAs("label")).isEqualTo(LISTS.get(i).label());
        }
    }

    private static float[] floats(Row row, int column) {
        List<Float> values = row.getList(column);
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    private static float[] logits(TinyModel model, Listed list) {
        return model.logits(list.user(), list.hour(), list.items());
    }

    /** The rankings in the order of the lists. */
    private List<Row> rank(TinyModel model, int batchSize, long candidates, List<Listed> lists) {
        CandidateTransformer transformer =
                new CandidateTransformer().setModelUrl(folder.toString()).setBatchSize(batchSize);
        return RankingJob.rank(
                        table(lists),
                        candidates,
                        raw(Tables.USER_INDEX, "user ", 3),
                        "key",
                        raw(Tables.ITEM_INDEX, "item ", 5),
                        "key",
                        model.schema,
                        transformer)
                .collectAsList()
                .stream()
                .sorted(Comparator.comparing((Row row) -> row.<Long>getAs(Tables.INTERACTION)))
                .toList();
    }

    private static Dataset<Row> raw(String rowColumn, String prefix, int rows) {
        StructType type = new StructType().add(rowColumn, DataTypes.IntegerType).add("key", DataTypes.StringType);
        return spark.createDataFrame(
                IntStream.range(0, rows)
                        .mapToObj(row -> RowFactory.create(row, prefix + row))
                        .toList(),
                type);
    }

    private static Dataset<Row> table(List<Listed> lists) {
        StructType type = new StructType()
                .add(Tables.INTERACTION, DataTypes.LongType)
                .add(Tables.USER_INDEX, DataTypes.IntegerType)
                .add(Tables.ITEM_INDEX, DataTypes.IntegerType)
                .add(Tables.LABEL, DataTypes.IntegerType)
                .add(Tables.NEGATIVES, DataTypes.createArrayType(DataTypes.IntegerType))
                .add("hour", DataTypes.IntegerType);
        return spark.createDataFrame(
                IntStream.range(0, lists.size())
                        .mapToObj(i -> {
                            Listed list = lists.get(i);
                            List<Integer> negatives =
                                    IntStream.of(list.items()).skip(1).boxed().toList();
                            return RowFactory.create(
                                    100L + i, list.user(), list.items()[0], list.label(), negatives, list.hour());
                        })
                        .toList(),
                type);
    }
}
