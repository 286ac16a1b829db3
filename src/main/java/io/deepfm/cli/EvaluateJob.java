package io.deepfm.cli;

import ai.djl.engine.Engine;
import io.deepfm.config.ConfigLoader;
import io.deepfm.config.EvaluationConfig;
import io.deepfm.data.ParquetTables;
import io.deepfm.report.MetricsTable;
import io.deepfm.report.Results;
import io.deepfm.scoring.Popularity;
import io.deepfm.scoring.RankingMetrics;
import io.deepfm.storage.DataException;
import io.deepfm.storage.RunDirectory;
import io.deepfm.storage.Tables;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rankings to metrics and {@code results.json}. */
final class EvaluateJob {

    private static final DateTimeFormatter RUN_ID =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Session session;

    EvaluateJob(Session session) {
        this.session = session;
    }

    /** Computes the metrics of the rankings that were made with the model of a folder. */
    void evaluate(Path modelFolder) {
        long start = System.nanoTime();
        Map<String, Double> validation = metrics(Tables.VALIDATION);
        Map<String, Double> test = metrics(Tables.TEST);
        Map<String, Map<String, Double>> baselines =
                session.dataset().hasUsersAndItems() ? Map.of("popularity", popularity()) : Map.of();
        double seconds = (System.nanoTime() - start) / 1e9;
        session.time("evaluate", seconds);
        session.console()
                .stage(
                        "evaluate",
                        test.containsKey("users_ranked")
                                ? String.format(Locale.ROOT, "%,.0f users ranked", test.get("users_ranked"))
                                : "",
                        seconds,
                        false);
        Results results = results(modelFolder, validation, test, baselines);
        session.storage().write(session.run().results(), results.toJson());
        show(test, baselines);
    }

    private void show(Map<String, Double> test, Map<String, Map<String, Double>> baselines) {
        Map<String, Map<String, Double>> rows = new LinkedHashMap<>();
        rows.put(session.config().modelName(), test);
        rows.putAll(baselines);
        session.console().line("");
        session.console()
                .line("  Test metrics"
                        + (baselines.isEmpty()
                                ? ""
                                : ", " + session.config().data().numNegEval() + " negatives per user"));
        session.console().line("");
        MetricsTable.of(rows).forEach(line -> session.console().line("  " + line));
        session.console().line("");
        session.console().line("  " + session.run().results());
    }

    private Map<String, Double> metrics(String split) {
        Path folder = session.run().rankings(split);
        if (!session.storage().exists(folder)) {
            throw new DataException("There are no rankings in " + folder + ". Run: scripts/deepfm score --config ...");
        }
        return RankingMetrics.of(
                ParquetTables.read(session.spark(), folder), session.config().evaluation());
    }

    private Map<String, Double> popularity() {
        Dataset<Row> lists =
                ParquetTables.read(session.spark(), session.work().path(Tables.CANDIDATES + "/" + Tables.TEST));
        Dataset<Row> train = ParquetTables.read(
                session.spark(), session.work().path(Tables.ENCODED + "/interactions/" + Tables.TRAIN));
        int items = Math.toIntExact(session.work().require("encode", "encode").rows("items"));
        EvaluationConfig config = session.config().evaluation();
        Map<String, Double> metrics = RankingMetrics.of(Popularity.score(lists, train, items), config);
        // A count is no logit.
        metrics.put("logloss", Double.NaN);
        metrics.put("logloss_heldout", Double.NaN);
        return metrics;
    }

    @SuppressWarnings("unchecked")
    private Results results(
            Path modelFolder,
            Map<String, Double> validation,
            Map<String, Double> test,
            Map<String, Map<String, Double>> baselines) {
        Path provenance = RunDirectory.provenance(modelFolder);
        Map<String, Object> origin = session.storage().exists(provenance)
                ? Results.parse(session.storage().readString(provenance), provenance.toString())
                : Map.of();
        Map<String, Object> training = (Map<String, Object>) origin.getOrDefault("training_info", Map.of());
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return new Results(
                RUN_ID.format(now) + "-" + session.config().modelName(),
                now.toString(),
                Results.parse(ConfigLoader.toJson(session.config()), "the configuration"),
                validation,
                test,
                baselines,
                training,
                rowCounts(),
                timings(training),
                environment(training));
    }

    private Map<String, Map<String, Long>> rowCounts() {
        Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
        for (String stage : List.of("ingest", "split", "encode", "candidates")) {
            counts.put(stage, session.work().require(stage, stage).rows());
        }
        return counts;
    }

    /** Seconds by stage; 0 for a data stage whose output was there already. */
    private Map<String, Object> timings(Map<String, Object> training) {
        Map<String, Object> timings = session.timings();
        for (String name : List.of("samples_per_second", "wait_share", "wait_share_after_first_epoch")) {
            if (training.containsKey(name)) {
                timings.put("train_" + name, training.get(name));
            }
        }
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        timings.put("total_since_jvm_start", (System.currentTimeMillis() - started) / 1e3);
        return timings;
    }

    private Map<String, Object> environment(Map<String, Object> training) {
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("deepfm_spark", Version.PROGRAM);
        environment.put("java", System.getProperty("java.version"));
        environment.put("spark", session.spark().version());
        environment.put("spark_master", session.spark().sparkContext().master());
        environment.put("djl", Version.DJL);
        environment.put("pytorch", Engine.getInstance().getVersion());
        environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        environment.put("cores", Runtime.getRuntime().availableProcessors());
        environment.put("device", training.getOrDefault("device", "cpu"));
        return environment;
    }
}
