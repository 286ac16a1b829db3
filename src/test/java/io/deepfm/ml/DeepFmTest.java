package io.deepfm.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.config.ConfigException;
import io.deepfm.storage.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.feature.SQLTransformer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The estimator as a job of one's own uses it. */
class DeepFmTest {

    private static final int USERS = 30;
    private static final int ITEMS = 24;

    @TempDir
    private static Path folder;

    private static SparkSession spark;
    private static Dataset<Row> ratings;
    private static Dataset<Row> users;
    private static DeepFmModel model;

    @BeforeAll
    static void fit() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
        ratings = ratings();
        users = users();
        model = estimator("fit").fit(ratings);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static DeepFm estimator(String workDir) {
        return new DeepFm()
                .setUserCol("user")
                .setItemCol("item")
                .setLabelCol("rating")
                .setLabelThreshold(4)
                .setTimestampCol("at")
                .setUsers(users)
                .setMaxIter(2)
                .setBlockSize(64)
                .setConfig("training.num_threads", 1)
                .setWorkDir(folder.resolve(workDir).toString());
    }

    /** Users of even numbers like the items of even numbers. */
    private static Dataset<Row> ratings() {
        List<Row> rows = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            for (int step = 0; step < 12; step++) {
                int item = (user * 7 + step * 5 + user / 3) % ITEMS;
                double stars = user % 2 == item % 2 ? 5 : 1;
                rows.add(RowFactory.create("u" + user, item, stars, 1000L + step));
            }
        }
        return spark.createDataFrame(
                rows,
                new StructType()
                        .add("user", DataTypes.StringType)
                        .add("item", DataTypes.IntegerType)
                        .add("rating", DataTypes.DoubleType)
                        .add("at", DataTypes.LongType));
    }

    private static Dataset<Row> users() {
        List<Row> rows = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            rows.add(RowFactory.create("u" + user, user % 2 == 0 ? "even" : "odd", user / 10.0));
        }
        return spark.createDataFrame(
                rows,
                new StructType()
                        .add("user", DataTypes.StringType)
                        .add("kind", DataTypes.StringType)
                        .add("age", DataTypes.DoubleType));
    }

    @Test
    void keysAreFoundWhateverTheirCaseAsSparkDoes() {
        Dataset<Row> rows = ratings.withColumnRenamed("item", "iTEM");
        DeepFmModel same =
                estimator("case").setUserCol("User").setItemCol("Item").fit(rows);
        assertThat(same.transform(rows).select("user", "iTEM", "probability").collectAsList())
                .hasSize(USERS * 12);
        assertThat(same.recommendForAllUsers(1).columns()).contains("User");
    }

    @Test
    void rowsKeepTheirColumnsAndGetPredictionsAsOfABinaryClassifier() {
        Dataset<Row> rows = ratings.drop("rating").withColumn("note", lit("mine"));
        Dataset<Row> predicted = model.transform(rows);
        assertThat(predicted.columns())
                .containsExactly("user", "item", "at", "note", "rawPrediction", "probability", "prediction");
        assertThat(predicted.schema()).isEqualTo(model.transformSchema(rows.schema()));
        List<Row> all = predicted.collectAsList();
        assertThat(all).hasSize(USERS * 12);
        for (Row row : all) {
            Vector raw = row.getAs("rawPrediction");
            Vector probability = row.getAs("probability");
            assertThat(raw.apply(0)).isEqualTo(-raw.apply(1));
            assertThat(probability.apply(0) + probability.apply(1)).isCloseTo(1, within(1e-12));
            assertThat(probability.apply(1)).isCloseTo(1 / (1 + Math.exp(-raw.apply(1))), within(1e-12));
            assertThat(row.<Double>getAs("prediction")).isEqualTo(raw.apply(1) > 0 ? 1.0 : 0.0);
        }
    }

    @Test
    void theSameRowsGiveTheSameWeightsInAnotherPlace() throws IOException {
        DeepFmModel again = estimator("again").fit(ratings);
        assertThat(weights(again.folder())).isEqualTo(weights(model.folder()));
        assertThat(weights(estimator("again").setSeed(7).fit(ratings).folder())).isNotEqualTo(weights(model.folder()));
    }

    private static byte[] weights(String folder) throws IOException {
        return Files.readAllBytes(
                Path.of(new org.apache.hadoop.fs.Path(folder).toUri().getPath(), "model.safetensors"));
    }

    @Test
    void aStoredModelPredictsTheSame() throws IOException {
        String stored = folder.resolve("stored").toString();
        model.save(stored);
        assertThatThrownBy(() -> model.save(stored)).hasMessageContaining("already exists");
        model.write().overwrite().save(stored);
        DeepFmModel loaded = DeepFmModel.load(stored);
        assertThat(loaded.uid()).isEqualTo(model.uid());
        assertThat(probabilities(loaded.transform(ratings))).isEqualTo(probabilities(model.transform(ratings)));
    }

    private static Map<String, Double> probabilities(Dataset<Row> predicted) {
        Map<String, Double> byPair = new HashMap<>();
        for (Row row : predicted.collectAsList()) {
            byPair.put(
                    row.getAs("user") + " " + row.getAs("item"),
                    row.<Vector>getAs("probability").apply(1));
        }
        return byPair;
    }

    @Test
    void recommendationsHaveTheSchemaOfAls() {
        Dataset<Row> recommended = model.recommendForAllUsers(3);
        assertThat(recommended.schema().simpleString())
                .isEqualTo("struct<user:string,recommendations:array<struct<item:int,rating:float>>>");
        assertThat(model.recommendForAllItems(2).schema().simpleString())
                .isEqualTo("struct<item:int,recommendations:array<struct<user:string,rating:float>>>");
        assertThat(recommended.count()).isEqualTo(USERS);
        Dataset<Row> some = spark.createDataFrame(
                List.of(RowFactory.create("u3"), RowFactory.create("u3"), RowFactory.create("nobody")),
                new StructType().add("user", DataTypes.StringType));
        assertThat(model.recommendForUserSubset(some, 3).collectAsList())
                .isEqualTo(recommended.filter(col("user").equalTo("u3")).collectAsList());
    }

    /** By hand: the probabilities of all pairs, less those that the users have, sorted. */
    @Test
    void recommendationsAreTheBestPairsForUsersAndForItems() {
        Dataset<Row> pairs = users.select("user")
                .crossJoin(spark.range(ITEMS).select(col("id").cast("int").as("item")));
        Map<String, Double> all = probabilities(model.transform(pairs));
        Set<String> seen = new HashSet<>();
        ratings.collectAsList().forEach(row -> seen.add(row.getString(0) + " " + row.getInt(1)));
        Map<String, List<Double>> byUser = new HashMap<>();
        Map<String, List<Double>> byItem = new HashMap<>();
        all.forEach((pair, probability) -> {
            if (!seen.contains(pair)) {
                byUser.computeIfAbsent(pair.split(" ")[0], key -> new ArrayList<>())
                        .add(probability);
                byItem.computeIfAbsent(pair.split(" ")[1], key -> new ArrayList<>())
                        .add(probability);
            }
        });
        assertBest(model.recommendForAllUsers(4), byUser, 4);
        assertBest(model.recommendForAllItems(5), byItem, 5);
        for (Row row : model.recommendForAllUsers(ITEMS).collectAsList()) {
            for (Row item : row.<Row>getList(1)) {
                assertThat(seen).doesNotContain(row.getString(0) + " " + item.getInt(0));
            }
        }
        assertThat(model.copy(ParamMap.empty())
                        .setIncludeSeen(true)
                        .recommendForAllUsers(ITEMS)
                        .collectAsList())
                .allSatisfy(row -> assertThat(row.getList(1)).hasSize(ITEMS));
    }

    private static void assertBest(Dataset<Row> recommended, Map<String, List<Double>> expected, int count) {
        List<Row> rows = recommended.collectAsList();
        assertThat(rows).hasSize(expected.size());
        for (Row row : rows) {
            List<Double> best = expected.get(String.valueOf(row.get(0))).stream()
                    .sorted(java.util.Comparator.reverseOrder())
                    .limit(count)
                    .toList();
            List<Row> given = row.getList(1);
            assertThat(given).hasSameSizeAs(best);
            for (int i = 0; i < best.size(); i++) {
                assertThat((double) given.get(i).getFloat(1)).isCloseTo(best.get(i), within(1e-6));
            }
        }
    }

    @Test
    void unknownUsersArePredictedDroppedOrNotANumber() {
        Dataset<Row> rows = spark.createDataFrame(
                List.of(RowFactory.create("u1", 1), RowFactory.create("nobody", 1), RowFactory.create("u1", 999)),
                new StructType().add("user", DataTypes.StringType).add("item", DataTypes.IntegerType));
        assertThat(model.transform(rows).filter(col("prediction").isNaN()).count())
                .isZero();
        DeepFmModel other = model.copy(ParamMap.empty());
        assertThat(other.setColdStartStrategy("drop").transform(rows).count()).isEqualTo(1);
        assertThat(other.setColdStartStrategy("nan")
                        .transform(rows)
                        .filter(col("prediction").isNaN())
                        .count())
                .isEqualTo(2);
        assertThatThrownBy(() -> other.setColdStartStrategy("keep")).hasMessageContaining("coldStartStrategy");
    }

    @Test
    void theKeysMayHaveOtherNames() {
        DeepFmModel other = model.copy(ParamMap.empty()).setUserCol("who");
        Dataset<Row> renamed = ratings.withColumnRenamed("user", "who");
        assertThat(other.transform(renamed)
                        .withColumnRenamed("who", "user")
                        .select("user", "item", "probability")
                        .collectAsList())
                .containsExactlyInAnyOrderElementsOf(model.transform(ratings)
                        .select("user", "item", "probability")
                        .collectAsList());
        assertThat(other.recommendForUserSubset(renamed.limit(1), 2).columns())
                .containsExactly("who", "recommendations");
        assertThatThrownBy(() -> other.transform(ratings)).hasMessageContaining("There is no column who");
    }

    @Test
    void aSummaryTellsOfTheEpochs() {
        assertThat(model.hasSummary()).isTrue();
        DeepFmSummary summary = model.summary();
        assertThat(summary.epochs()).hasSize(2);
        assertThat(summary.objectiveHistory()).hasSize(2);
        assertThat(summary.validationMetrics()).containsKeys("auc", "logloss");
        assertThat(summary.featureImportances()).containsOnlyKeys("user", "kind", "age", "item");
        assertThat(model.parent()).isInstanceOf(DeepFm.class);
    }

    @Test
    @Tag("proof")
    void itWorksInPipelinesAndTheyAreStoredWhole() throws IOException {
        SQLTransformer half = new SQLTransformer().setStatement("SELECT * FROM __THIS__ WHERE item < 20");
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {half, estimator("pipeline")});
        pipeline.write().overwrite().save(folder.resolve("pipeline-stages").toString());
        Pipeline read = Pipeline.load(folder.resolve("pipeline-stages").toString());
        assertThat(((DeepFm) read.getStages()[1]).getMaxIter()).isEqualTo(2);
        PipelineModel fitted = read.fit(ratings);
        fitted.save(folder.resolve("pipeline-model").toString());
        PipelineModel loaded =
                PipelineModel.load(folder.resolve("pipeline-model").toString());
        assertThat(probabilities(loaded.transform(ratings))).isEqualTo(probabilities(fitted.transform(ratings)));
    }

    @Test
    @Tag("proof")
    void gridsAreSearchedWithTheEvaluatorsOfSpark() {
        DeepFm estimator = estimator("grid").setLabelCol("liked");
        estimator.clear(estimator.labelThreshold());
        Dataset<Row> labelled = ratings.withColumn("liked", col("rating").geq(4).cast("double"));
        ParamMap[] grid = new ParamGridBuilder()
                .addGrid(estimator.stepSize(), new double[] {1e-3, 1e-2})
                .build();
        BinaryClassificationEvaluator evaluator = new BinaryClassificationEvaluator().setLabelCol("liked");
        TrainValidationSplitModel best = new TrainValidationSplit()
                .setEstimator(estimator)
                .setEstimatorParamMaps(grid)
                .setEvaluator(evaluator)
                .setSeed(1)
                .fit(labelled);
        assertThat(best.validationMetrics()).hasSize(2).doesNotHaveDuplicates();
        assertThat(best.bestModel()).isInstanceOf(DeepFmModel.class);
        assertThat(new CrossValidator()
                        .setEstimator(estimator.setMaxIter(1))
                        .setEstimatorParamMaps(new ParamGridBuilder().build())
                        .setEvaluator(evaluator)
                        .setNumFolds(2)
                        .fit(labelled)
                        .avgMetrics())
                .hasSize(1);
    }

    @Test
    @Tag("proof")
    void withoutUsersAndItemsClicksAreClassified() {
        DeepFm estimator = new DeepFm()
                .setLabelCol("clicked")
                .setMaxIter(2)
                .setWorkDir(folder.resolve("clicks").toString());
        Dataset<Row> clicks = ratings.select(
                col("user").as("the page"),
                col("item").as("slot"),
                col("rating").geq(4).as("clicked"));
        DeepFmModel classifier = estimator.fit(clicks);
        assertThat(classifier.transform(clicks.drop("clicked")).columns())
                .containsExactly("the page", "slot", "rawPrediction", "probability", "prediction");
        assertThatThrownBy(() -> classifier.recommendForAllUsers(3)).hasMessageContaining("no users and items");
    }

    @Test
    void expressionsGiveAModelWhatTheyGaveTheFitWhateverTheSessionsSql() {
        Dataset<Row> clicks = ratings.selectExpr(
                "if(item % 5 = 0, 'none', string(item)) AS size", "double(rating > 4) AS clicked", "at");
        DeepFm estimator = new DeepFm()
                .setLabelCol("clicked")
                .setFeatures("[{ name = at, type = sparse }"
                        + ", { name = size, type = dense, expression = \"cast(size AS DOUBLE)\" }]")
                .setMaxIter(1)
                .setWorkDir(folder.resolve("sql").toString());
        String ansi = "spark.sql.ansi.enabled";
        String before = spark.conf().get(ansi);
        try {
            spark.conf().set(ansi, "false");
            List<Row> expected = estimator
                    .fit(clicks)
                    .transform(clicks)
                    .orderBy("at", "size")
                    .collectAsList();
            spark.conf().set(ansi, "true");
            assertThat(estimator
                            .setWorkDir(folder.resolve("ansi").toString())
                            .fit(clicks)
                            .transform(clicks)
                            .orderBy("at", "size")
                            .collectAsList())
                    .isEqualTo(expected);
            assertThat(estimator.fit(clicks).transform(clicks).sparkSession()).isSameAs(spark);
            // The session's own queries stay as strict as they were.
            assertThatThrownBy(() -> clicks.selectExpr("cast(size AS DOUBLE)").collectAsList())
                    .hasStackTraceContaining("CAST_INVALID_INPUT");
        } finally {
            spark.conf().set(ansi, before);
        }
    }

    @Test
    void errorsNameColumnTypeFoundAndTypeWanted() {
        assertThatThrownBy(() -> estimator("e").setUserCol("who").fit(ratings))
                .hasMessageContaining("userCol: there is no column who");
        assertThatThrownBy(() -> estimator("e").setLabelCol("user").fit(ratings))
                .hasMessageContaining("labelCol: column user is of type string, wanted is a number or a boolean");
        assertThatThrownBy(() -> new DeepFm().setUserCol("user").fit(ratings)).hasMessageContaining("itemCol is not");
        assertThatThrownBy(() -> new DeepFm().fit(ratings)).hasMessageContaining("labelCol is not set");
        assertThatThrownBy(() -> model.transform(ratings.drop("item")))
                .hasMessageContaining("There is no column item")
                .hasMessageContaining("of type int");
        assertThatThrownBy(() -> model.transform(ratings.withColumn("item", lit("a"))))
                .hasMessageContaining("Column item is of type string, wanted is int");
        assertThatThrownBy(() -> model.transform(ratings.withColumn("probability", lit(1))))
                .hasMessageContaining("There is a column probability already, of type int");
        assertThatThrownBy(() ->
                        estimator("e").setConfig("training.optimiser", "adam").fit(ratings))
                .hasMessageContaining("training.optimiser");
    }

    @Test
    void errorsSayWhatToSetHereAndNotOnTheCommandLine() {
        Dataset<Row> rows =
                ratings.withColumn("rating", when(col("at").equalTo(1000), null).otherwise(col("rating")));
        assertThatThrownBy(() -> estimator("bad").fit(rows))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(
                        "rating", "setConfig(\"data.max_bad_rows\", SHARE) (now 0.0; the share is 0.083")
                .hasMessageNotContaining("--");
        assertThatThrownBy(() -> estimator("bad")
                        .setConfig("training.optimizer", "adamm")
                        .fit(ratings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("setConfig(\"training.optimizer\", \"adamm\")", "Did you mean adam?")
                .hasMessageNotContaining("--");
        assertThatThrownBy(() -> estimator("bad").setModelName("deepfn").fit(ratings))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("setModelName(\"deepfn\")", "Did you mean deepfm?");
    }

    @Test
    void parametersAreDocumentedAndCopied() {
        DeepFm estimator = estimator("p").setConfig("training.ema_decay", 0.9);
        assertThat(estimator.explainParams())
                .contains("userCol: column of the users' keys", "stepSize: the learning rate (default: 0.001)");
        DeepFm copy = estimator.copy(new ParamMap().put(estimator.stepSize().w(0.5)));
        assertThat(copy.getStepSize()).isEqualTo(0.5);
        assertThat(copy.uid()).isEqualTo(estimator.uid());
        assertThat(copy.getConfig()).containsExactly("training.num_threads=1", "training.ema_decay=0.9");
        assertThat(copy.users()).isPresent();
    }
}
