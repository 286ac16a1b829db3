package io.deepfm.job;

import io.deepfm.advice.FrontEnd;
import io.deepfm.baseline.Baseline;
import io.deepfm.baseline.label.LabelBaseline;
import io.deepfm.config.Choice;
import io.deepfm.config.ConfigLoader;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.split.SplitStrategy;
import io.deepfm.dataset.Datasets;
import io.deepfm.metrics.Metric;
import io.deepfm.model.Architecture;
import io.deepfm.training.loss.Loss;
import io.deepfm.training.optimizer.OptimizerFactory;
import java.nio.file.Path;
import java.util.List;

/** A run's settings, read with all that is known to this program and in jars beside it. */
public final class Configurations {

    private Configurations() {}

    /**
     * The settings that choose something by name.
     *
     * @return with all the names that are known
     */
    public static List<Choice> choices() {
        return List.of(
                Architecture.registry().choice(),
                Datasets.choice(),
                SplitStrategy.registry().choice(),
                Loss.registry().choice(),
                OptimizerFactory.registry().choice(),
                Metric.registry().choice(),
                Baseline.registry().choice(),
                LabelBaseline.registry().choice());
    }

    /**
     * Reads a configuration.
     *
     * @param file the HOCON file
     * @param overrides {@code key=value} pairs that win over the file
     * @return the settings
     * @throws io.deepfm.config.ConfigException if the file cannot be read or a setting cannot be used
     */
    public static ExperimentConfig load(Path file, List<String> overrides) {
        return ConfigLoader.load(file, overrides, choices());
    }

    /**
     * The defaults with the given overrides.
     *
     * @param overrides {@code key=value} pairs
     * @return the settings
     * @throws io.deepfm.config.ConfigException if a setting cannot be used
     */
    public static ExperimentConfig defaults(String... overrides) {
        return defaults(List.of(overrides), FrontEnd.COMMAND_LINE);
    }

    /**
     * The defaults with the given overrides.
     *
     * @param overrides {@code key=value} pairs
     * @param frontEnd how they were given
     * @return the settings
     * @throws io.deepfm.config.ConfigException if a setting cannot be used
     */
    public static ExperimentConfig defaults(List<String> overrides, FrontEnd frontEnd) {
        return ConfigLoader.defaults(overrides, frontEnd, choices());
    }
}
