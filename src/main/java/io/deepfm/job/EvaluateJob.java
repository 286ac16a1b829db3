package io.deepfm.job;

import static io.deepfm.metrics.CandidateMetrics.LISTS_RANKED;
import static io.deepfm.metrics.CandidateMetrics.USERS_RANKED;

import ai.djl.engine.Engine;
import io.deepfm.config.ConfigException;
import io.deepfm.config.ConfigLoader;
import io.deepfm.explanation.ModelExplanation;
import io.deepfm.job.facts.ExplanationReader;
import io.deepfm.job.facts.FactsGatherer;
import io.deepfm.model.ModelConfig;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.Stage;
import io.deepfm.report.BaselineResult;
import io.deepfm.report.ConstantRate;
import io.deepfm.report.MetricsCsv;
import io.deepfm.report.Provenance;
import io.deepfm.report.Provenance.TrainingInfo;
import io.deepfm.report.Results;
import io.deepfm.report.RunDirectory;
import io.deepfm.report.Version;
import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.section.RunReport;
import io.deepfm.schema.Tables;
import io.deepfm.scoring.RankingMetrics;
import io.deepfm.storage.DataException;
import io.deepfm.storage.parquet.ParquetTables;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rankings to metrics, {@code results.json} and {@code report.html}. */
public final class EvaluateJob implements Stage {

    /** The last stage. */
    static final String NAME = "evaluate";

    private static final DateTimeFormatter RUN_ID =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private final Session session;
    private final Path modelFolder;
    private Map<String, BaselineResult> baselines = Map.of();

    /**
     * @param session what to work with
     * @param modelFolder the model that the rankings were made with
     */
    public EvaluateJob(Session session, Path modelFolder) {
        this.session = session;
        this.modelFolder = modelFolder;
    }

    /**
     * Computes the metrics, and those of the baselines, unless they are up to date, and publishes results that were held back.
     *
     * @return the content of {@code results.json}
     * @throws DataException if there are no rankings
     */
    public Results evaluate() {
        baselines = new BaselineJob(session).measure();
        session.stages()
                .run(
                        session.output(),
                        this,
                        counted -> counted.rows().containsKey(USERS_RANKED)
                                ? ranked(counted.rows(USERS_RANKED), counted.rows(LISTS_RANKED))
                                : "");
        session.output().publish();
        return Results.read(session.storage(), session.run().results());
    }

    private static String ranked(long users, long lists) {
        return users == lists
                ? String.format(Locale.ROOT, "%,d users ranked", users)
                : String.format(Locale.ROOT, "%,d lists of %,d users ranked", lists, users);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> outputs() {
        return List.of(session.run().results().getName(), session.run().report().getName());
    }

    @Override
    public Map<String, String> inputs() {
        Manifest rankings = session.output().require("score", "score");
        return Map.of(
                "score",
                rankings.fingerprint(),
                "training_info",
                trainingInfo().toString(),
                "baselines",
                baselines.toString());
    }

    /** All settings, as they are part of the output. */
    @Override
    public Fingerprint settings() {
        return new Fingerprint().add("config", ConfigLoader.toJson(session.config()));
    }

    @Override
    public Map<String, Long> run(Path target) {
        long start = System.nanoTime();
        Map<String, Double> validation = metrics(Tables.VALIDATION);
        Map<String, Double> test = metrics(Tables.TEST);
        session.stages().time(name(), (System.nanoTime() - start) / 1e9);
        RunDirectory written = new RunDirectory(target);
        Results results = results(validation, test);
        session.storage().write(written.results(), results.toJson());
        session.storage().write(written.report(), RunReport.of(facts(results)).toHtml());
        return test.containsKey(USERS_RANKED)
                ? Map.of(
                        USERS_RANKED, test.get(USERS_RANKED).longValue(),
                        LISTS_RANKED, test.get(LISTS_RANKED).longValue())
                : Map.of();
    }

    private RunFacts facts(Results results) {
        return new FactsGatherer(session.spark(), session.work(), session.encodedDataset(), session.config())
                .of(results, defaults(), epochs(), stages(), rankings(Tables.TEST), explanation());
    }

    private ModelExplanation explanation() {
        Path lists = session.work().path(Tables.CANDIDATES + "/" + Tables.VALIDATION);
        return new ExplanationReader(session.storage(), session.config(), lists).forReport(modelFolder);
    }

    /** Those of the model and of the dataset, where they have some. */
    private Map<String, Object> defaults() {
        String model = "model_name=" + session.config().modelName();
        String dataset = "data.dataset_name=" + session.config().data().datasetName();
        try {
            return ConfigLoader.toMap(Configurations.defaults(model, dataset));
        } catch (ConfigException e) {
            // The configuration describes a dataset of its own, which has no defaults.
            Map<String, Object> others = new LinkedHashMap<>(ConfigLoader.toMap(Configurations.defaults(model)));
            others.remove("dataset");
            return others;
        }
    }

    /** None where the model is another run's. */
    private List<Map<String, Double>> epochs() {
        Path file = session.output().path(session.run().metricsCsv().getName());
        return modelFolder.equals(session.model()) && session.storage().exists(file)
                ? MetricsCsv.read(session.storage().readString(file))
                : List.of();
    }

    private List<Manifest> stages() {
        Stream<Optional<Manifest>> prepared =
                Stream.of("tables", "ingest", "split", "encode", "candidates").map(session.work()::manifest);
        Stream<Optional<Manifest>> own = Stream.of("train", "score").map(session.output()::manifest);
        return Stream.concat(prepared, own).flatMap(Optional::stream).toList();
    }

    private TrainingInfo trainingInfo() {
        return Provenance.trainingInfo(session.storage(), RunDirectory.provenance(modelFolder));
    }

    private Map<String, Double> metrics(String split) {
        int catalogue =
                Math.toIntExact(session.work().require("encode", "encode").rows(Tables.ITEMS));
        return RankingMetrics.of(rankings(split), session.config(), catalogue);
    }

    /** The log loss of the training rows' share of positives on the rows that were scored. */
    private Optional<ConstantRate> constantRate() {
        Manifest split = session.work().require("split", "split");
        return ConstantRate.of(
                split.rows("train_positive") / (double) split.rows(Tables.TRAIN),
                RankingMetrics.positiveShare(rankings(Tables.VALIDATION)),
                RankingMetrics.positiveShare(rankings(Tables.TEST)));
    }

    private boolean isTrainedOnSampledRows() {
        return session.dataset().hasUsersAndItems()
                && session.config().data().numNegTrain() > 0
                && ModelConfig.of(session.config()).heads().count() == 1;
    }

    private Dataset<Row> rankings(String split) {
        Path folder = session.output().path(session.run().rankings().getName() + "/" + split);
        if (!session.storage().exists(folder)) {
            throw new DataException("There are no rankings in " + folder + ". Run: scripts/deepfm score --config ...");
        }
        return ParquetTables.read(session.spark(), folder);
    }

    private Results results(Map<String, Double> validation, Map<String, Double> test) {
        TrainingInfo training = trainingInfo();
        Optional<ConstantRate> constant = constantRate();
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        return new Results(
                RUN_ID.format(now) + "-" + session.config().modelName(),
                now.toString(),
                ConfigLoader.toMap(session.config()),
                validation,
                test,
                baselines,
                constant.orElse(null),
                Stream.of(
                                constant.flatMap(rate -> rate.warning(test, isTrainedOnSampledRows())),
                                Provenance.read(session.storage(), RunDirectory.provenance(modelFolder))
                                        .flatMap(model -> model.warning(ConfigLoader.toMap(session.config()))))
                        .flatMap(Optional::stream)
                        .toList(),
                training,
                rowCounts(),
                timings(training),
                environment(training));
    }

    private Map<String, Map<String, Long>> rowCounts() {
        Map<String, Map<String, Long>> counts = new LinkedHashMap<>();
        for (String stage : List.of("tables", "ingest", "split", "encode", "candidates")) {
            session.work().manifest(stage).ifPresent(manifest -> counts.put(stage, manifest.rows()));
        }
        return counts;
    }

    /** Seconds by stage; 0 for a data stage that was up to date. */
    private Map<String, Object> timings(TrainingInfo training) {
        Map<String, Object> timings = session.stages().timings();
        if (training.totalEpochs() != null) {
            timings.put("train_samples_per_second", training.samplesPerSecond());
            timings.put("train_wait_share", training.waitShare());
            timings.put("train_wait_share_after_first_epoch", training.waitShareAfterFirstEpoch());
        }
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        timings.put("total_since_jvm_start", (System.currentTimeMillis() - started) / 1e3);
        return timings;
    }

    private Map<String, Object> environment(TrainingInfo training) {
        Map<String, Object> environment = new LinkedHashMap<>();
        environment.put("deepfm_spark", Version.PROGRAM);
        environment.put("java", System.getProperty("java.version"));
        environment.put("spark", session.spark().version());
        environment.put("spark_master", session.spark().sparkContext().master());
        environment.put("djl", Version.DJL);
        environment.put("pytorch", Engine.getInstance().getVersion());
        environment.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        environment.put("cores", Runtime.getRuntime().availableProcessors());
        environment.put("device", Objects.requireNonNullElse(training.device(), "cpu"));
        return environment;
    }
}
