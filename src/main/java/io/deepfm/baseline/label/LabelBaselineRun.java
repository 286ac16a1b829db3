package io.deepfm.baseline.label;

import static org.apache.spark.sql.functions.col;

import io.deepfm.baseline.BaselineStage;
import io.deepfm.baseline.label.LabelBaseline.Variant;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.EncodeStage;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.report.BaselineResult;
import io.deepfm.schema.Tables;
import io.deepfm.scoring.RankingJob;
import io.deepfm.scoring.RankingMetrics;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;

/** Fits some methods on the rows of train, chooses their settings on validation, and measures them on validation and test. */
public final class LabelBaselineRun {

    /** Partitions depend on the data alone, as MLlib adds up in the order in which it finds rows. */
    private static final long ROWS_PER_PARTITION = 200_000;

    /** What {@link RankingMetrics} reads of rows that are ranked among no others. */
    private static final StructType SCORED = new StructType()
            .add(Tables.USER_INDEX, DataTypes.IntegerType)
            .add(Tables.ITEM_INDEX, DataTypes.IntegerType)
            .add(Tables.INTERACTION, DataTypes.LongType)
            .add(Tables.LABEL, DataTypes.IntegerType)
            .add(RankingJob.LOGIT, DataTypes.FloatType)
            .add(RankingJob.LIKE_LOGIT, DataTypes.FloatType)
            .add(Tables.NEGATIVES, DataTypes.createArrayType(DataTypes.IntegerType))
            .add(RankingJob.NEGATIVE_LOGITS, DataTypes.createArrayType(DataTypes.FloatType));

    /** A fitted method with its metrics on validation. */
    private record Measured(Variant variant, RowLogits logits, Map<String, Double> validation) {}

    private final SparkSession spark;
    private final WorkDirectory work;
    private final ExperimentConfig config;

    /**
     * @param spark the session
     * @param work holds the encoded rows
     * @param config the settings of the methods and the metrics
     */
    public LabelBaselineRun(SparkSession spark, WorkDirectory work, ExperimentConfig config) {
        this.spark = spark;
        this.work = work;
        this.config = config;
    }

    /**
     * Writes the results of some methods.
     *
     * @param stages the methods
     * @param target where their files go
     * @return for each the number of rows it was measured on
     */
    public List<Map<String, Long>> run(List<BaselineStage> stages, Path target) {
        Manifest encoded = work.require("encode", "encode");
        FeatureVectors vectors = new FeatureVectors(EncodeStage.schema(work));
        Dataset<Row> train = train(vectors, encoded.rows(Tables.TRAIN)).persist(StorageLevel.MEMORY_AND_DISK());
        LabelledRows rows =
                new LabelledRows(train, vectors.size(), Runtime.getRuntime().maxMemory() / 2);
        for (BaselineStage stage : stages) {
            BaselineResult result = result(LabelBaseline.registry().get(stage.baseline()), rows, vectors);
            work.storage().write(new Path(target, stage.outputs().get(0)), result.toJson());
        }
        train.unpersist();
        long measured = encoded.rows(Tables.VALIDATION) + encoded.rows(Tables.TEST);
        return stages.stream().map(stage -> Map.of("rows", measured)).toList();
    }

    private Dataset<Row> train(FeatureVectors vectors, long rows) {
        int partitions = Math.toIntExact(1 + rows / ROWS_PER_PARTITION);
        Dataset<Row> encoded = ParquetTables.read(spark, work.path(Tables.ENCODED + "/interactions/" + Tables.TRAIN))
                .repartition(partitions, col(Tables.INTERACTION))
                .sortWithinPartitions(Tables.INTERACTION);
        return spark.createDataFrame(
                encoded.toJavaRDD()
                        .map(row -> RowFactory.create((double) row.<Integer>getAs(Tables.LABEL), vectors.of(row))),
                new StructType()
                        .add(LabelledRows.LABEL, DataTypes.DoubleType, false)
                        .add(LabelledRows.FEATURES, SQLDataTypes.VectorType(), false));
    }

    private <S extends Record> BaselineResult result(
            LabelBaseline<S> baseline, LabelledRows train, FeatureVectors vectors) {
        S settings = config.settings(baseline.settings());
        Optional<String> refusal = baseline.refusal(train, settings);
        if (refusal.isPresent()) {
            return BaselineResult.absent(refusal.get());
        }
        Measured best = null;
        for (Iterator<Variant> variants = baseline.variants(train, settings).iterator(); variants.hasNext(); ) {
            Variant variant = variants.next();
            RowLogits logits = variant.fit().get();
            Measured measured = new Measured(variant, logits, metrics(logits, vectors, Tables.VALIDATION));
            if (best == null || logLoss(measured) < logLoss(best)) {
                best = measured;
            }
        }
        return new BaselineResult(
                best.variant().settings(), best.validation(), metrics(best.logits(), vectors, Tables.TEST), null, null);
    }

    private static double logLoss(Measured measured) {
        return measured.validation().get("logloss");
    }

    private Map<String, Double> metrics(RowLogits logits, FeatureVectors vectors, String split) {
        Broadcast<RowLogits> shared =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(logits);
        Dataset<Row> scored = spark.createDataFrame(
                ParquetTables.read(spark, work.path(Tables.CANDIDATES + "/" + split))
                        .toJavaRDD()
                        .map(row -> scored(row, (float) shared.value().of(vectors.of(row)))),
                SCORED);
        // Nothing is ranked, so there is no catalogue.
        Map<String, Double> metrics = RankingMetrics.of(scored, config, 0);
        shared.destroy();
        return metrics;
    }

    private static Row scored(Row row, float logit) {
        return RowFactory.create(
                row.<Integer>getAs(Tables.USER_INDEX),
                row.<Integer>getAs(Tables.ITEM_INDEX),
                row.<Long>getAs(Tables.INTERACTION),
                row.<Integer>getAs(Tables.LABEL),
                logit,
                logit,
                new Integer[0],
                new Float[0]);
    }
}
