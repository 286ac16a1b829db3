package io.deepfm.ml.fit;

import io.deepfm.config.ConfigLoader;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.Located;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.Datasets;
import io.deepfm.dataset.TableSourceBuilder;
import io.deepfm.job.Configurations;
import io.deepfm.ml.column.InputColumns;
import io.deepfm.ml.param.DeepFmParams;
import io.deepfm.ml.param.FitParams;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.schema.FieldGroup;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.StructType;

/** An estimator's parameters and tables as the settings of a run. */
public final class FitSettings<E extends DeepFmParams<?> & FitParams<?>> {

    private final E estimator;
    private final Dataset<Row> interactions;
    private final Optional<Dataset<Row>> users;
    private final Optional<Dataset<Row>> items;

    /**
     * @param estimator its parameters
     * @param interactions the rows to fit
     * @param users the users, if they have columns of their own
     * @param items the items, if they have columns of their own
     */
    public FitSettings(
            E estimator, Dataset<Row> interactions, Optional<Dataset<Row>> users, Optional<Dataset<Row>> items) {
        this.estimator = estimator;
        this.interactions = readable(interactions);
        this.users = users.map(this::readable);
        this.items = items.map(this::readable);
    }

    /** Without columns that no feature can be made of, such as vectors; keys have the names that the parameters say. */
    private Dataset<Row> readable(Dataset<Row> rows) {
        return rows.select(Arrays.stream(rows.schema().fields())
                .filter(field -> InferredFeatures.isReadable(field.dataType()))
                .map(field -> rows.col(TableReader.quoted(field.name())).as(named(field.name())))
                .toArray(Column[]::new));
    }

    /** Files know a key by its very name, Spark whatever its case. */
    private String named(String column) {
        return Stream.of(estimator.userCol(), estimator.itemCol())
                .filter(this::isSet)
                .map(estimator::getOrDefault)
                .filter(column::equalsIgnoreCase)
                .findFirst()
                .orElse(column);
    }

    /**
     * The folder below which a fit works.
     *
     * @throws IllegalArgumentException if there is none on a cluster
     */
    public static Path folder(FitParams<?> estimator, SparkSession spark) {
        if (estimator.isDefined(estimator.workDir())) {
            return new Path(estimator.getWorkDir());
        }
        if (!spark.sparkContext().isLocal()) {
            throw new IllegalArgumentException("workDir is not set: on a cluster it must be a folder that driver and"
                    + " executors share, such as hdfs:///user/me/deepfm.");
        }
        try {
            Path folder =
                    new Path(java.nio.file.Files.createTempDirectory("deepfm-").toUri());
            FileSystem.getLocal(spark.sparkContext().hadoopConfiguration()).deleteOnExit(folder);
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Writes the tables, unless they are there, and settles where the run works: what has the same rows and settings has the
     * same folders.
     *
     * @param workDir the folder below which all is
     * @param storage the file systems
     * @return the run's settings
     */
    public ExperimentConfig write(Path workDir, Storage storage) {
        FitTables tables =
                FitTables.write(interactions, users, items, storage, workDir, new LoggedProgress()::onDetail);
        List<String> overrides = new ArrayList<>(dataset(tables));
        overrides.addAll(Arrays.asList(estimator.getConfig()));
        overrides.addAll(parameters());
        EstimatorFrontEnd frontEnd = new EstimatorFrontEnd(estimator);
        ExperimentConfig config = Configurations.defaults(overrides, frontEnd);
        String prepared = new Fingerprint()
                .add("rows", tables.digest())
                .add("data", config.data())
                .add("dataset", Datasets.of(config))
                .add("candidates", config.evaluation().candidateSeed())
                .hex();
        String run =
                new Fingerprint().add("data", prepared).add("settings", config).hex();
        overrides.add("work_dir=" + new Path(workDir, "prepared-" + prepared.substring(0, 16)));
        overrides.add("output_dir=" + new Path(workDir, "run-" + run.substring(0, 16)));
        return Configurations.defaults(overrides, frontEnd);
    }

    private List<String> dataset(FitTables tables) {
        List<String> overrides = new ArrayList<>(List.of(
                "data.dataset_name=dataframe",
                "data.auto_download=false",
                // All rows are the caller's training data; what is to be tested, the caller has kept.
                "data.test_split=false",
                "data.num_neg_eval=99",
                "dataset.interactions=" + source(tables.interactions()),
                "dataset.features=" + features()));
        if (isSet(estimator.userCol())) {
            overrides.add("dataset.user=" + estimator.getUserCol());
            overrides.add("dataset.item=" + estimator.getItemCol());
        }
        boolean hasTime = isSet(estimator.timestampCol());
        if (hasTime) {
            overrides.add("dataset.time=" + TableReader.quoted(estimator.getTimestampCol()));
        }
        if (isSet(estimator.labelCol())) {
            overrides.add("dataset.label=" + label());
        }
        overrides.add("data.split_strategy=" + (hasTime && isSet(estimator.userCol()) ? "leave_one_out" : "random"));
        tables.users().ifPresent(path -> overrides.add("dataset.users=" + source(path)));
        tables.items().ifPresent(path -> overrides.add("dataset.items=" + source(path)));
        return overrides;
    }

    private static String source(Path path) {
        return ConfigLoader.toJson(new TableSourceBuilder(Located.of(path.toString()), "parquet").build());
    }

    private String label() {
        String column = TableReader.quoted(estimator.getLabelCol());
        boolean isBoolean = InputColumns.find(interactions.schema(), estimator.getLabelCol())
                        .orElseThrow()
                        .dataType()
                instanceof BooleanType;
        return isBoolean || !isSet(estimator.labelThreshold())
                ? column
                : column + " >= " + estimator.getLabelThreshold();
    }

    private String features() {
        if (isSet(estimator.features())) {
            return estimator.getFeatures().strip();
        }
        InferredFeatures features = new InferredFeatures();
        if (isSet(estimator.userCol())) {
            features.add(FieldGroup.USER, columns(users, estimator.getUserCol()), Set.of());
            features.add(FieldGroup.ITEM, columns(items, estimator.getItemCol()), Set.of());
        }
        Set<String> others = new HashSet<>();
        for (Param<String> column :
                List.of(estimator.userCol(), estimator.itemCol(), estimator.labelCol(), estimator.timestampCol())) {
            if (isSet(column)) {
                others.add(estimator.getOrDefault(column));
            }
        }
        features.add(FieldGroup.CONTEXT, interactions.schema(), others);
        return features.all().stream().map(ConfigLoader::toJson).collect(Collectors.joining(",", "[", "]"));
    }

    /** The key, and what else the table of users (or items) has. */
    private StructType columns(Optional<Dataset<Row>> table, String key) {
        StructType schema = table.orElse(interactions).schema();
        return table.isPresent()
                ? schema
                : new StructType().add(InputColumns.find(schema, key).orElseThrow());
    }

    /** Those that were set; the others have the defaults of {@code reference.conf}, or what {@code config} says. */
    private List<String> parameters() {
        return EstimatorFrontEnd.keys(estimator).entrySet().stream()
                .filter(key -> estimator.isSet(key.getValue()))
                .map(key -> key.getKey() + "=" + estimator.getOrDefault(key.getValue()))
                .sorted()
                .toList();
    }

    private boolean isSet(Param<?> param) {
        return estimator.isDefined(param);
    }
}
