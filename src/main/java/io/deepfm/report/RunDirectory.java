package io.deepfm.report;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.pipeline.lock.Lock;
import io.deepfm.storage.Storage;
import org.apache.hadoop.fs.Path;

/**
 * The files that a run leaves.
 *
 * @param root the run's folder, any Hadoop path
 */
public record RunDirectory(Path root) {

    /**
     * The folder of a configuration's run.
     *
     * @param config the settings
     * @param storage the file systems
     * @return {@code output_dir} as it was given
     * @throws ConfigException if {@code work_dir} is the same folder
     */
    public static RunDirectory of(ExperimentConfig config, Storage storage) {
        Path root = new Path(config.outputDir());
        // Whoever writes into either keeps all others out, and so would wait for itself.
        if (storage.qualified(root).equals(storage.qualified(new Path(config.workDir())))) {
            throw new ConfigException(frontEnd -> "output_dir = " + root
                    + " is also the work_dir. A run needs a folder of its own, beside the prepared data that runs share:"
                    + " choose another with " + frontEnd.folder("output_dir") + ".");
        }
        return new RunDirectory(root);
    }

    /**
     * The metrics and all that led to them.
     *
     * @return a JSON file
     */
    public Path results() {
        return new Path(root, "results.json");
    }

    /**
     * The same to look at.
     *
     * @return an HTML file
     */
    public Path report() {
        return new Path(root, "report.html");
    }

    /**
     * What matters to the model.
     *
     * @return a JSON file
     */
    public Path explanation() {
        return new Path(root, "explain.json");
    }

    /**
     * One line per epoch.
     *
     * @return a CSV file
     */
    public Path metricsCsv() {
        return new Path(root, "metrics.csv");
    }

    /**
     * The best model and what predicting with it needs.
     *
     * @return a folder
     */
    public Path model() {
        return new Path(root, "model");
    }

    /**
     * What a training that is not over has reached.
     *
     * @return a folder
     */
    public Path checkpoints() {
        return new Path(root, "checkpoints");
    }

    /**
     * How the model in a folder came to be.
     *
     * @param model the folder
     * @return a JSON file in that folder
     */
    public static Path provenance(Path model) {
        return new Path(model, "provenance.json");
    }

    /**
     * The rankings of all candidate lists.
     *
     * @return a folder
     */
    public Path rankings() {
        return new Path(root, "rankings");
    }

    /**
     * The rankings of a split's candidate lists.
     *
     * @param split its name
     * @return a folder in that folder
     */
    public Path rankings(String split) {
        return new Path(rankings(), split);
    }

    /**
     * Says that a process writes here.
     *
     * @return a {@link Lock}'s name
     */
    public Path lock() {
        return new Path(root, ".lock");
    }

    /**
     * What the console said.
     *
     * @return a text file
     */
    public Path log() {
        return new Path(root, "train.log");
    }

    /**
     * What Spark said.
     *
     * @return a text file
     */
    public Path sparkLog() {
        return new Path(root, "spark.log");
    }
}
