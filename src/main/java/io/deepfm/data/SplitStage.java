package io.deepfm.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.ConfigException;
import io.deepfm.config.DataConfig;
import io.deepfm.config.DataConfig.RepeatedPairs;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.Located;
import io.deepfm.data.split.CountedPairs;
import io.deepfm.data.split.Predefined;
import io.deepfm.data.split.SplitStrategy;
import io.deepfm.data.split.ValidationOfTrain;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Assigns each interaction to train, validation or test, by the {@link SplitStrategy} that the settings name. */
public final class SplitStage implements Stage {

    /** In the manifest, the interactions that are no rows of their own, as an earlier one stands for them. */
    public static final String REPEATS = "repeats";

    /** 1 for a positive, else null: so the files' footers tell how many there are. */
    private static final String POSITIVE = "_positive";

    private final SparkSession spark;
    private final WorkDirectory work;
    private final ExperimentConfig experiment;
    private final DataConfig config;
    private final DatasetDefinition dataset;
    private final SplitStrategy<?> strategy;

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
        this.strategy = SplitStrategy.registry().get(config.data().splitStrategy());
        checkStrategy();
    }

    private void checkStrategy() {
        strategy.missing(dataset).ifPresent(missing -> {
            throw new ConfigException("data.split_strategy = " + strategy.name() + " requires dataset." + missing
                    + ", which " + config.datasetName()
                    + " does not have. Choose another strategy: random, for example.");
        });
        boolean hasValidation = dataset.validation().isPresent();
        boolean isUsed = strategy instanceof Predefined || strategy instanceof ValidationOfTrain && !hasValidation;
        if (dataset.test().isPresent() && !isUsed) {
            throw new ConfigException("The dataset has its own files for "
                    + (hasValidation ? "validation and test" : "test") + ", which only data.split_strategy = "
                    + (hasValidation ? "predefined" : "predefined_test") + " uses.");
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
        Fingerprint settings =
                new Fingerprint().add("strategy", strategy.name()).add("counts_pairs", countsPairs());
        new TreeMap<>(parameters(strategy)).forEach(settings::add);
        return settings.addExtension(strategy.getClass());
    }

    @Override
    public Map<String, Long> run(Path target) {
        Dataset<Row> interactions = ParquetTables.read(spark, work.path(Tables.INTERACTIONS));
        Path folder = new Path(target, Tables.SPLIT);
        if (countsPairs()) {
            Path staged = new Path(target, "staged");
            ParquetTables.write(CountedPairs.firsts(interactions), staged);
            interactions = ParquetTables.read(spark, staged);
        }
        Dataset<Row> splits = interactions.withColumn(Tables.SPLIT_NAME, split(strategy, interactions));
        (countsPairs() ? CountedPairs.counted(splits, heldOut(strategy)) : splits)
                .withColumn(POSITIVE, when(col(Tables.RAW_LABEL).equalTo(1), 1))
                .write()
                .partitionBy(Tables.SPLIT_NAME)
                .parquet(folder.toString());
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String name : Tables.SPLITS) {
            Path part = new Path(folder, Tables.SPLIT_NAME + "=" + name);
            boolean isEmpty = !work.storage().exists(part);
            rows.put(name, isEmpty ? 0 : ParquetTables.countRows(spark, part));
            rows.put(name + POSITIVE, isEmpty ? 0 : ParquetTables.countValues(spark, part, POSITIVE));
        }
        refuseEmpty(rows);
        if (rows.get(Tables.TEST) == 0) {
            Path like = new Path(folder, Tables.SPLIT_NAME + "=" + Tables.VALIDATION);
            ParquetTables.write(
                    ParquetTables.read(spark, like).limit(0), new Path(folder, Tables.SPLIT_NAME + "=" + Tables.TEST));
        }
        if (countsPairs()) {
            long all = work.require("ingest", "ingest").rows(Tables.INTERACTIONS);
            rows.put(REPEATS, all - Tables.SPLITS.stream().mapToLong(rows::get).sum());
        }
        for (String name : Tables.SPLITS) {
            work.storage().move(new Path(folder, Tables.SPLIT_NAME + "=" + name), new Path(folder, name));
        }
        return rows;
    }

    private boolean countsPairs() {
        return config.repeatedPairs() == RepeatedPairs.COUNT;
    }

    private <S extends Record> SplitStrategy.HeldOut heldOut(SplitStrategy<S> chosen) {
        return chosen.heldOut(experiment.settings(chosen.settings()));
    }

    private <S extends Record> Map<String, Object> parameters(SplitStrategy<S> chosen) {
        return chosen.parameters(experiment.settings(chosen.settings()));
    }

    private <S extends Record> Column split(SplitStrategy<S> chosen, Dataset<Row> interactions) {
        return chosen.split(interactions, experiment.settings(chosen.settings()));
    }

    private <S extends Record> String whyEmpty(SplitStrategy<S> chosen) {
        return chosen.whyEmpty(experiment.settings(chosen.settings()));
    }

    private void refuseEmpty(Map<String, Long> rows) {
        boolean hasTest = config.testSplit();
        if (!hasTest && rows.get(Tables.TEST) > 0) {
            throw new ConfigException("data.test_split = false: data.split_strategy = " + strategy.name()
                    + " has rows for test all the same. Remove the one or the other.");
        }
        for (String name : Tables.SPLITS) {
            if (rows.get(name) == 0 && (hasTest || !name.equals(Tables.TEST))) {
                throw new DataException("The " + name + " split is empty" + whyEmpty(strategy));
            }
        }
        if (rows.get("train_positive") == 0) {
            throw new DataException("No training interaction has label 1: is the label ("
                    + dataset.label().map(Located::text).orElse("") + ") correct?");
        }
        if (rows.get("train_positive").equals(rows.get(Tables.TRAIN)) && !dataset.hasUsersAndItems()) {
            throw new DataException("Every training interaction has label 1, and without users and items no negatives"
                    + " can be sampled: there is nothing to learn.");
        }
    }
}
