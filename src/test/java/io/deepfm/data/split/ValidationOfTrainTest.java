package io.deepfm.data.split;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.Configurations;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ValidationOfTrainTest {

    private static final int USERS = 300;
    private static final int LONG = 4;

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
    void theLastRowOfTrainByTimeAndThenByTheFile() {
        List<Row> rows = new ArrayList<>();
        rows.add(row(0, 10, 5, Tables.TRAIN));
        rows.add(row(0, 11, 7, Tables.TRAIN)); // as late as the next, but before it in the file
        rows.add(row(0, 12, 7, Tables.TRAIN));
        rows.add(row(0, 13, 6, Tables.TRAIN));
        rows.add(row(0, 90, 1, Tables.TEST)); // test stays test, though it is the first
        rows.add(row(1, 14, 1, Tables.TRAIN)); // too few in train, though not together with test
        rows.add(row(1, 15, 2, Tables.TRAIN));
        rows.add(row(1, 91, 3, Tables.TEST));
        assertThat(split(rows, "data.validation_row=last"))
                .isEqualTo(Map.of(
                        10L,
                        "train",
                        11L,
                        "train",
                        12L,
                        "validation",
                        13L,
                        "train",
                        90L,
                        "test",
                        14L,
                        "train",
                        15L,
                        "train",
                        91L,
                        "test"));
    }

    @Test
    void anyRowOfTrainButOneOfEachUserAndNotTheSameUnderAnotherSeed() {
        List<Row> rows = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            for (int i = 0; i < LONG; i++) {
                rows.add(row(user, user * 10L + i, i, Tables.TRAIN));
            }
            rows.add(row(user, user * 10L + LONG, LONG, Tables.TEST));
        }
        Map<Long, String> splits = split(rows, "data.validation_row=random");
        List<Long> chosen = validation(splits);
        assertThat(chosen.stream().map(interaction -> interaction / 10).distinct())
                .hasSize(USERS)
                .hasSameSizeAs(chosen);
        assertThat(splits.values().stream().filter(Tables.TEST::equals)).hasSize(USERS);
        // Each place has a chance of a quarter: within four standard deviations.
        chosen.stream()
                .collect(Collectors.groupingBy(interaction -> interaction % 10, Collectors.counting()))
                .values()
                .forEach(count -> assertThat(count).isBetween(45L, 105L));
        assertThat(split(rows, "data.validation_row=random", "seed=7")).isEqualTo(splits);
        assertThat(validation(split(rows, "data.validation_row=random", "evaluation.candidate_seed=7")))
                .isNotEqualTo(chosen);
    }

    private static List<Long> validation(Map<Long, String> splits) {
        return splits.keySet().stream()
                .filter(interaction -> splits.get(interaction).equals(Tables.VALIDATION))
                .toList();
    }

    private static Row row(int user, long interaction, long time, String split) {
        return RowFactory.create(user, interaction, time, split);
    }

    private static Map<Long, String> split(List<Row> rows, String... overrides) {
        StructType type = new StructType()
                .add(Tables.USER_INDEX, DataTypes.IntegerType)
                .add(Tables.INTERACTION, DataTypes.LongType)
                .add(Tables.TIME, DataTypes.LongType)
                .add(Tables.SPLIT_NAME, DataTypes.StringType);
        ExperimentConfig config = Configurations.defaults(overrides);
        var interactions = spark.createDataFrame(rows, type);
        ValidationOfTrain strategy = new ValidationOfTrain();
        return new TreeMap<>(interactions
                .withColumn("found", strategy.split(interactions, config.settings(strategy.settings())))
                .collectAsList()
                .stream()
                .collect(Collectors.toMap(row -> row.getAs(Tables.INTERACTION), row -> row.<String>getAs("found"))));
    }
}
