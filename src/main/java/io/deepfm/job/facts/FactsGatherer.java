package io.deepfm.job.facts;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.explanation.ModelExplanation;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.report.Results;
import io.deepfm.report.facts.Catalogue;
import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.facts.StageFacts;
import io.deepfm.report.statistics.HeldOutMetrics;
import io.deepfm.report.statistics.HeldOutRow;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Gathers what the report shows of a run.
 *
 * @param spark the session
 * @param work holds the encoded tables
 * @param dataset the encoded features
 * @param config which held-out rows are ranked
 */
public record FactsGatherer(
        SparkSession spark, WorkDirectory work, DatasetDefinition dataset, ExperimentConfig config) {

    /**
     * Gathers it.
     *
     * @param results the content of {@code results.json}
     * @param defaults all settings as they are where a configuration says nothing
     * @param epochs the lines of {@code metrics.csv}
     * @param stages the manifests of the stages that led to the results
     * @param rankings those of the test split
     * @param explanation what matters to the model
     * @return what is known
     */
    public RunFacts of(
            Results results,
            Map<String, Object> defaults,
            List<Map<String, Double>> epochs,
            List<Manifest> stages,
            Dataset<Row> rankings,
            ModelExplanation explanation) {
        long total = work.require("encode", "encode").rows(Tables.TEST);
        HeldOutRows sample = new HeldOutRows(total, dataset.hasUsersAndItems());
        List<HeldOutRow> rows = sample.of(rankings);
        boolean hasUsers = dataset.hasUsersAndItems();
        HeldOutMetrics metrics =
                new HeldOutMetrics(rows, row -> config.evaluation().ranks(row.label()), hasUsers);
        return new RunFacts(
                results,
                defaults,
                epochs,
                stages.stream()
                        .map(stage -> new StageFacts(stage.stage(), stage.fingerprint(), stage.rows(), stage.seconds()))
                        .toList(),
                metrics,
                total,
                new FieldReader(spark, work, dataset).of(rows, sample.areSampled()),
                hasUsers ? Optional.of(catalogue(rows)) : Optional.empty(),
                hasUsers ? new ExampleReader(spark, work, dataset).of(metrics.ranked()) : List.of(),
                Optional.of(explanation));
    }

    private Catalogue catalogue(List<HeldOutRow> rows) {
        Manifest encoded = work.require("encode", "encode");
        return TrainCounts.of(
                ParquetTables.read(spark, work.path(Tables.ENCODED + "/interactions/" + Tables.TRAIN)),
                encoded.rows(Tables.USERS),
                Math.toIntExact(encoded.rows(Tables.ITEMS)),
                rows);
    }
}
