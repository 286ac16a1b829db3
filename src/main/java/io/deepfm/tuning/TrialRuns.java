package io.deepfm.tuning;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.source.TakenRows;
import io.deepfm.job.DataJob;
import io.deepfm.job.EvaluateJob;
import io.deepfm.job.ScoreJob;
import io.deepfm.job.Session;
import io.deepfm.job.TrainJob;
import io.deepfm.job.progress.JobListener;
import io.deepfm.job.progress.Progress;
import io.deepfm.metrics.MonitoredMetric;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.report.Results;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.training.EpochResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;

/** Trains trials, each in a run directory of its own. */
final class TrialRuns {

    private final Function<List<String>, ExperimentConfig> settings;
    private final Path folder;
    private final String master;
    private final JobListener listener;
    private final TakenRows taken;

    /**
     * @param settings the study's settings under further overrides
     * @param folder where the trials' folders are
     * @param master Spark's master where spark-submit gives none; may be null
     * @param listener who sees the progress of a training
     */
    TrialRuns(Function<List<String>, ExperimentConfig> settings, Path folder, String master, JobListener listener) {
        this.settings = settings;
        this.folder = folder;
        this.master = master;
        this.listener = listener;
        this.taken = new TakenRows(new Path(settings.apply(List.of()).workDir(), Tables.SOURCES));
    }

    Path folder(Trial trial) {
        return new Path(folder, trial.name());
    }

    /** Trains up to an epoch; what was trained before is not trained again. */
    Outcome advance(Trial trial, int epochs) {
        try {
            ExperimentConfig config = config(trial);
            try (Session session = session(config)) {
                TrainJob training = prepared(session);
                Optional<List<EpochResult>> known = TrialRecord.read(
                                session.storage(), folder(trial), training.fingerprint())
                        .map(TrialRecord::epochs)
                        .filter(reached -> reached.size() >= epochs || training.isDone());
                List<EpochResult> results = known.orElseGet(() -> training.advance(epochs));
                new TrialRecord(trial.settings(), training.fingerprint(), results)
                        .write(session.storage(), folder(trial));
                return Outcome.of(
                        trial, results.subList(0, Math.min(epochs, results.size())), MonitoredMetric.of(config));
            }
        } catch (ConfigException | DataException e) {
            return Outcome.failed(trial, e.getMessage());
        }
    }

    /** Trains to the end and measures on test. */
    Results test(Trial trial) {
        try (Session session = session(config(trial))) {
            prepared(session).train();
            new ScoreJob(session, session.model()).score();
            return new EvaluateJob(session, session.model()).evaluate();
        }
    }

    private static TrainJob prepared(Session session) {
        new DataJob(session).candidates();
        return new TrainJob(session, true, Optional.empty());
    }

    private Session session(ExperimentConfig config) {
        return Session.sharing("tune", config, master, progress(), taken);
    }

    private ExperimentConfig config(Trial trial) {
        List<String> overrides = trial.overrides();
        overrides.add("output_dir=" + folder(trial));
        String shared = settings.apply(List.of()).workDir();
        overrides.add("work_dir=" + shared + dataSuffix(trial.settings()));
        return settings.apply(overrides);
    }

    /** Trials whose features differ do not write over each other's data: all that agree on them share a folder. */
    private static String dataSuffix(SortedMap<String, String> settings) {
        List<String> data = new ArrayList<>();
        settings.forEach((key, value) -> {
            if (key.startsWith("dataset.")) {
                data.add(key + "=" + value);
            }
        });
        return data.isEmpty()
                ? ""
                : "-" + new Fingerprint().add("data", data).hex().substring(0, 8);
    }

    /** What a single training says is too much; its progress is not. */
    private JobListener progress() {
        return new JobListener() {
            @Override
            public void onStage(String name, String what, double seconds, boolean upToDate) {}

            @Override
            public void onDetail(String what) {}

            @Override
            public void onProgress(Progress progress) {
                listener.onProgress(progress);
            }
        };
    }
}
