package io.deepfm.baseline;

import io.deepfm.baseline.Selection.Chosen;
import io.deepfm.config.EvaluationConfig;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.report.BaselineResult;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;

/** Fits some baselines on train, chooses their settings on validation, and measures them on validation and test. */
public final class BaselineRun {

    private final SparkSession spark;
    private final WorkDirectory work;
    private final ExperimentConfig config;

    /**
     * @param spark the session
     * @param work holds the split and the candidate lists
     * @param config the settings of the baselines and the metrics
     */
    public BaselineRun(SparkSession spark, WorkDirectory work, ExperimentConfig config) {
        this.spark = spark;
        this.work = work;
        this.config = config;
    }

    /**
     * Writes the results of some baselines.
     *
     * @param stages the baselines
     * @param target where their files go
     * @return for each the number of lists it was measured on
     */
    public List<Map<String, Long>> run(List<BaselineStage> stages, Path target) {
        Manifest encoded = work.require("encode", "encode");
        Path checkpoints = new Path(target, "checkpoints");
        spark.sparkContext().setCheckpointDir(checkpoints.toString());
        try (UserSequences sequences = new UserSequences(spark, work)) {
            JavaRDD<KnownUser> train = sequences.train().persist(StorageLevel.MEMORY_AND_DISK());
            JavaRDD<CandidateItems> validation =
                    sequences.lists(Tables.VALIDATION, List.of(Tables.TRAIN)).persist(StorageLevel.MEMORY_AND_DISK());
            JavaRDD<CandidateItems> test =
                    sequences.lists(Tables.TEST, knownAtTest()).persist(StorageLevel.MEMORY_AND_DISK());
            BaselineData data = new BaselineData(
                    train,
                    Math.toIntExact(encoded.rows(Tables.USERS)),
                    Math.toIntExact(encoded.rows(Tables.ITEMS)),
                    encoded.rows(Tables.TRAIN),
                    Runtime.getRuntime().maxMemory() / 2,
                    none -> null);
            List<BaselineMetrics> splits = List.of(
                    new BaselineMetrics(validation, config, data.numItems()),
                    new BaselineMetrics(test, config, data.numItems()));
            Selection selection = new Selection(data, splits.get(0), config);
            List<Chosen> chosen =
                    stages.stream().map(stage -> selection.of(stage.baseline())).toList();
            List<BaselineResult> results = results(chosen, splits);
            for (int i = 0; i < results.size(); i++) {
                work.storage()
                        .write(
                                new Path(target, stages.get(i).outputs().get(0)),
                                results.get(i).toJson());
            }
            List.of(train, validation, test).forEach(JavaRDD::unpersist);
            work.storage().delete(checkpoints);
            long lists = encoded.rows(Tables.VALIDATION) + encoded.rows(Tables.TEST);
            return stages.stream().map(stage -> Map.of("lists", lists)).toList();
        }
    }

    private static List<BaselineResult> results(List<Chosen> chosen, List<BaselineMetrics> splits) {
        List<ItemScores> scores = chosen.stream()
                .filter(one -> one.refusal().isEmpty())
                .map(Chosen::scores)
                .toList();
        List<Iterator<BaselineMetrics.Measured>> metrics = new ArrayList<>();
        splits.forEach(split -> metrics.add(split.of(scores).iterator()));
        return chosen.stream()
                .map(one -> one.refusal()
                        .map(BaselineResult::absent)
                        .orElseGet(() -> result(
                                one.settings(),
                                metrics.get(0).next(),
                                metrics.get(1).next())))
                .toList();
    }

    private static BaselineResult result(
            Map<String, Object> settings, BaselineMetrics.Measured validation, BaselineMetrics.Measured test) {
        return new BaselineResult(settings, validation.metrics(), test.metrics(), test.ranks(), null);
    }

    /** What a user is known by when the test lists are ranked, as a model's histories know it. */
    private List<String> knownAtTest() {
        return config.evaluation().history() == EvaluationConfig.History.BEFORE
                ? List.of(Tables.TRAIN, Tables.VALIDATION)
                : List.of(Tables.TRAIN);
    }
}
