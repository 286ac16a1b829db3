package io.deepfm.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.deepfm.config.ConfigException;
import io.deepfm.config.DataConfig;
import io.deepfm.config.DataConfig.SplitStrategy;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.Located;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Assigns each interaction to train, validation or test, by {@code data.split_strategy}.
 *
 * <p>Leave-one-out: per user and by time, the last interaction is test, the one before it validation, the rest train;
 * users with fewer than {@code data.min_interactions} are in train only. Temporal: the latest interactions of all are
 * test, those before them validation. Random: by a hash of the seed and the interaction. Predefined: as the raw files
 * have it. Ties in time go by the raw files' order.
 */
public final class SplitStage implements Stage {

    private final SparkSession spark;
    private final WorkDirectory work;
    private final ExperimentConfig experiment;
    private final DataConfig config;
    private final DatasetDefinition dataset;

    /**
     * @param spark the session
     * @param work holds the ingested tables
     * @param config strategy and seed
     * @param dataset what the strategies need of it
     * @throws ConfigException if the strategy does not fit the dataset
     */
    public SplitStage(SparkSession spark, WorkDirectory work, ExperimentConfig config, DatasetDefinition dataset) {
        this.spark = spark;
        this.work = work;
        this.experiment = config;
        this.config = config.data();
        this.dataset = dataset;
        checkStrategy();
    }

    private void checkStrategy() {
        boolean predefined = config.splitStrategy() == SplitStrategy.PREDEFINED;
        String missing =
                switch (config.splitStrategy()) {
                    case LEAVE_ONE_OUT ->
                        !dataset.hasUsersAndItems()
                                ? "user and item"
                                : dataset.time().isEmpty() ? "time" : "";
                    case TEMPORAL -> dataset.time().isEmpty() ? "time" : "";
                    case RANDOM -> "";
                    case PREDEFINED -> dataset.validation().isEmpty() ? "validation and test" : "";
                };
        if (!missing.isEmpty()) {
            throw new ConfigException("data.split_strategy = "
                    + config.splitStrategy().name().toLowerCase(Locale.ROOT) + " needs dataset." + missing
                    + ", which " + config.datasetName()
                    + " does not have. Choose another strategy: random, for example.");
        }
        if (!predefined && dataset.validation().isPresent()) {
            throw new ConfigException("The dataset has files of its own for validation and test, which"
                    + " data.split_strategy = predefined uses.");
        }
    }

    @Override
    public String name() {
        return "split";
    }

    @Override
    public List<String> outputs() {
        return List.of(Tables.SPLIT);
    }

    @Override
    public Map<String, String> inputs() {
        return Map.of("ingest", IngestStage.require(work).fingerprint());
    }

    @Override
    public Fingerprint settings() {
        Fingerprint settings = new Fingerprint().add("strategy", config.splitStrategy());
        switch (config.splitStrategy()) {
            case LEAVE_ONE_OUT -> settings.add("min_interactions", config.minInteractions());
            case TEMPORAL -> settings.add("shares", List.of(config.validationShare(), config.testShare()));
            case RANDOM ->
                settings.add("shares", List.of(config.validationShare(), config.testShare()))
                        .add("seed", experiment.evaluation().candidateSeed());
            case PREDEFINED -> settings.add("files", "their own");
        }
        return settings.addCode(SplitStage.class);
    }

    @Override
    public Map<String, Long> run(Path target) {
        Dataset<Row> interactions = ParquetTables.read(spark, work.path(Tables.INTERACTIONS));
        Path folder = new Path(target, Tables.SPLIT);
        interactions
                .withColumn(Tables.SPLIT_NAME, split(interactions))
                .write()
                .partitionBy(Tables.SPLIT_NAME)
                .parquet(folder.toString());
        Map<String, Long> rows = new LinkedHashMap<>();
        Tables.SPLITS.forEach(name -> rows.put(name, 0L));
        ParquetTables.read(spark, folder)
                .groupBy(Tables.SPLIT_NAME)
                .agg(count(lit(1)), sum(Tables.RAW_LABEL))
                .collectAsList()
                .forEach(row -> {
                    rows.put(row.getString(0), row.getLong(1));
                    rows.put(row.getString(0) + "_positive", (long) row.getDouble(2));
                });
        refuseEmpty(rows);
        for (String name : Tables.SPLITS) {
            work.storage().move(new Path(folder, Tables.SPLIT_NAME + "=" + name), new Path(folder, name));
        }
        return rows;
    }

    private Column split(Dataset<Row> interactions) {
        return switch (config.splitStrategy()) {
            case LEAVE_ONE_OUT -> leaveOneOut();
            case TEMPORAL -> temporal(interactions);
            case RANDOM -> random();
            case PREDEFINED -> col(Tables.SPLIT_NAME);
        };
    }

    private Column leaveOneOut() {
        WindowSpec user = Window.partitionBy(Tables.USER_ROW);
        Column age = row_number()
                .over(user.orderBy(
                        col(Tables.TIME).desc(), col(Tables.INTERACTION).desc()));
        return when(count(lit(1)).over(user).lt(config.minInteractions()), Tables.TRAIN)
                .when(age.equalTo(1), Tables.TEST)
                .when(age.equalTo(2), Tables.VALIDATION)
                .otherwise(Tables.TRAIN);
    }

    /** The two interactions at which validation and test begin are found by sorting all of them once. */
    private Column temporal(Dataset<Row> interactions) {
        long all = interactions.count();
        long test = all - Math.round(all * config.testShare());
        long validation = test - Math.round(all * config.validationShare());
        Map<Long, Row> begins = interactions
                .select(Tables.TIME, Tables.INTERACTION)
                .sort(Tables.TIME, Tables.INTERACTION)
                .javaRDD()
                .zipWithIndex()
                .filter(row -> row._2 == test || row._2 == validation)
                .mapToPair(row -> new scala.Tuple2<>(row._2, row._1))
                .collectAsMap();
        return when(isFrom(begins.get(test)), Tables.TEST)
                .when(isFrom(begins.get(validation)), Tables.VALIDATION)
                .otherwise(Tables.TRAIN);
    }

    private static Column isFrom(Row begin) {
        if (begin == null) {
            return lit(false);
        }
        Column time = col(Tables.TIME);
        return time.gt(begin.get(0))
                .or(time.equalTo(begin.get(0)).and(col(Tables.INTERACTION).geq(begin.getLong(1))));
    }

    /** By the seed that the candidate lists have, too: runs with other seeds share their test set. */
    private Column random() {
        Column hash = xxhash64(lit(experiment.evaluation().candidateSeed()), col(Tables.INTERACTION));
        // The upper 53 bits, as a number in [0, 1).
        Column share = shiftrightunsigned(hash, 11).cast("double").multiply(1.0 / (1L << 53));
        return when(share.lt(config.testShare()), Tables.TEST)
                .when(share.lt(config.testShare() + config.validationShare()), Tables.VALIDATION)
                .otherwise(Tables.TRAIN);
    }

    private void refuseEmpty(Map<String, Long> rows) {
        for (String name : Tables.SPLITS) {
            if (rows.get(name) == 0) {
                throw new DataException("The " + name + " split is empty"
                        + (config.splitStrategy() == SplitStrategy.LEAVE_ONE_OUT
                                ? ": no user has data.min_interactions = " + config.minInteractions() + " interactions."
                                : ". There are too few interactions."));
            }
        }
        if (rows.get("train_positive") == 0) {
            throw new DataException("No training interaction has label 1: is the label ("
                    + dataset.label().map(Located::text).orElse("") + ") as it should be?");
        }
        if (rows.get("train_positive").equals(rows.get(Tables.TRAIN)) && !dataset.hasUsersAndItems()) {
            throw new DataException("Every training interaction has label 1, and without users and items no negatives"
                    + " can be sampled: there is nothing to tell apart.");
        }
    }
}
