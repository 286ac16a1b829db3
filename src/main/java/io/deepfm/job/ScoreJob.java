package io.deepfm.job;

import io.deepfm.config.ConfigException;
import io.deepfm.config.EvaluationConfig;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.Located;
import io.deepfm.data.IngestStage;
import io.deepfm.data.history.SplitHistories;
import io.deepfm.data.keys.KeyTable;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.job.training.TrainingData;
import io.deepfm.model.io.SavedModel;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.Stage;
import io.deepfm.report.RunDirectory;
import io.deepfm.report.Version;
import io.deepfm.schema.Tables;
import io.deepfm.scoring.CandidateTransformer;
import io.deepfm.scoring.RankingJob;
import io.deepfm.storage.Checksums;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Scores the candidate lists of both held-out splits with the model. */
public final class ScoreJob implements Stage {

    /** What the rankings were made with, in their manifest. */
    static final String MODEL = "model";

    private final Session session;
    private final Path modelFolder;
    private final SavedModel model;

    /**
     * @param session what to work with
     * @param modelFolder the model's folder
     * @throws ConfigException if nothing is held out for test
     */
    public ScoreJob(Session session, Path modelFolder) {
        requireTest(session.config());
        this.session = session;
        this.modelFolder = modelFolder;
        this.model = SavedModel.read(session.storage(), modelFolder);
    }

    /**
     * Refuses a run of which nothing could be measured.
     *
     * @param config its settings
     * @throws ConfigException if nothing is held out for test
     */
    public static void requireTest(ExperimentConfig config) {
        if (!config.data().testSplit()) {
            throw new ConfigException("data.test_split = false: nothing is held out for test, so there is nothing to"
                    + " score and evaluate. Run train, or set it to true.");
        }
    }

    public void score() {
        session.stages()
                .run(
                        session.output(),
                        this,
                        scored -> String.format(
                                Locale.ROOT,
                                "%,d candidates, %,.0f per second",
                                scored.rows("candidates"),
                                scored.rows("candidates") / scored.seconds()));
    }

    @Override
    public String name() {
        return "score";
    }

    @Override
    public List<String> outputs() {
        return List.of(session.run().rankings().getName());
    }

    @Override
    public Map<String, String> inputs() {
        return Map.of(
                "candidates", session.work().require("candidates", "sample").fingerprint(), MODEL, model.fingerprint());
    }

    @Override
    public Fingerprint settings() {
        return new Fingerprint()
                .add("batch_size", session.config().evaluation().batchSize())
                .add("test_seeing_train", isTestSeeingTrain())
                .add("djl", Version.DJL);
    }

    @Override
    public Map<String, Long> run(Path target) {
        // What is read here beside the candidates: the raw tables' keys and the model's encoded tables.
        IngestStage.require(session.work());
        Checksums.verify(session.storage(), modelFolder);
        new TrainingData(session.spark(), session.work(), modelFolder).requireSame();
        Manifest candidates = session.work().require("candidates", "sample");
        // Opened for both splits, so that the model travels once.
        CandidateTransformer transformer = new CandidateTransformer()
                .setModelUrl(modelFolder.toString())
                .setBatchSize(session.config().evaluation().batchSize())
                .open(session.spark());
        together(Stream.of(Tables.VALIDATION, Tables.TEST)
                .map(split -> (Runnable) () -> rankings(
                                split, candidates.rows(split + "_candidates"), (CandidateTransformer)
                                        transformer.copy(ParamMap.empty()))
                        .write()
                        // Hardly a logit is there twice.
                        .option("parquet.enable.dictionary#" + RankingJob.NEGATIVE_LOGITS + ".list.element", false)
                        .parquet(new RunDirectory(target).rankings(split).toString()))
                .toList());
        return Map.of(
                "candidates",
                candidates.rows(Tables.VALIDATION + "_candidates") + candidates.rows(Tables.TEST + "_candidates"));
    }

    /** Runs jobs side by side: while one is planned or ends, another uses the cores. */
    private static void together(List<Runnable> jobs) {
        // Threads of its own, as Spark finds classes by what a thread inherits.
        ExecutorService threads = Executors.newFixedThreadPool(jobs.size());
        try {
            List<Future<?>> running = new ArrayList<>();
            jobs.forEach(job -> running.add(threads.submit(job)));
            for (Future<?> job : running) {
                job.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("Scoring failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Scoring was interrupted");
        } finally {
            threads.shutdownNow();
        }
    }

    private Dataset<Row> rankings(String split, long candidates, CandidateTransformer transformer) {
        DatasetDefinition dataset = session.dataset();
        return RankingJob.rank(
                split.equals(Tables.TEST) && isTestSeeingTrain() ? testSeeingTrain() : lists(split),
                candidates,
                KeyTable.users(dataset).read(session.spark(), session.work()),
                dataset.user().map(Located::text).orElse(Tables.USER_INDEX),
                KeyTable.items(dataset).read(session.spark(), session.work()),
                dataset.item().map(Located::text).orElse(Tables.ITEM_INDEX),
                model.schema(),
                transformer);
    }

    private boolean isTestSeeingTrain() {
        return session.config().evaluation().history() == EvaluationConfig.History.TRAIN
                && !session.encodedDataset().histories().isEmpty();
    }

    private Dataset<Row> lists(String split) {
        return table(Tables.CANDIDATES + "/" + split);
    }

    private Dataset<Row> testSeeingTrain() {
        session.work().require("encode", "encode");
        return SplitHistories.exchanged(
                lists(Tables.TEST), table(Tables.ENCODED + "/" + Tables.TEST_SEEING_TRAIN), session.encodedDataset());
    }

    private Dataset<Row> table(String name) {
        return ParquetTables.read(session.spark(), session.work().path(name));
    }
}
