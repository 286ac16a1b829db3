package io.deepfm.job;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.names.WeightedSum;
import io.deepfm.job.progress.JobListener;
import io.deepfm.job.progress.Progress;
import io.deepfm.metrics.MonitoredMetric;
import io.deepfm.training.EpochResult;
import io.deepfm.training.TrainingListener;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reports a training: where it begins, each epoch, and how far the one is that runs. */
final class EpochReports implements TrainingListener {

    private final ExperimentConfig config;
    private final JobListener listener;
    private String validated = "";

    EpochReports(ExperimentConfig config, JobListener listener) {
        this.config = config;
        this.listener = listener;
    }

    @Override
    public void onStart(String what) {
        listener.onDetail(what);
    }

    @Override
    public void onResume(int epoch) {
        listener.onEpoch(epoch, "resuming after epoch " + epoch);
    }

    @Override
    public void onRows(int epoch, long done, long rows, double loss) {
        String soFar = Double.isNaN(loss) ? "" : String.format(Locale.ROOT, "loss %.4f", loss);
        String more = Stream.of(done == rows ? "validating" : "", soFar, validated)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("  "));
        listener.onProgress(
                new Progress(String.format(Locale.ROOT, "epoch %2d", epoch), done, rows, Progress.Unit.SAMPLES, more));
    }

    @Override
    public void onEpoch(EpochResult result) {
        validated = "val " + shown(result.validation(), monitored());
        listener.onEpoch(
                result.epoch(),
                String.format(
                        Locale.ROOT,
                        "epoch %2d  lr %.1e  loss %.4f  val %s  %5.1f s %s",
                        result.epoch(),
                        result.learningRate(),
                        result.trainLoss(),
                        shown(result.validation(), Stream.concat(Stream.of("auc", "logloss"), monitored())),
                        result.trainSeconds() + result.validationSeconds(),
                        result.best() ? "*" : ""));
    }

    private Stream<String> monitored() {
        return MonitoredMetric.of(config).terms().stream().map(WeightedSum.Term::name);
    }

    private static String shown(Map<String, Double> validation, Stream<String> names) {
        return names.distinct()
                .map(name -> String.format(Locale.ROOT, "%s %.4f", name, validation.get(name)))
                .collect(Collectors.joining("  "));
    }
}
