package io.deepfm.config;

/**
 * Everything that decides a run.
 *
 * @param modelName the name of the model's architecture
 * @param seed the source of every random choice
 * @param device where training runs
 * @param outputDir the run's directory: model, metrics, rankings, logs (any Hadoop path)
 * @param workDir prepared data, shared by the runs over one dataset (any Hadoop path)
 * @param data dataset, splits and negative sampling
 * @param training the training loop
 * @param evaluation ranking metrics
 * @param sections what the dataset and the architectures, losses, metrics, splits and optimizers read besides
 */
public record ExperimentConfig(
        String modelName,
        long seed,
        DeviceChoice device,
        String outputDir,
        String workDir,
        DataConfig data,
        TrainingConfig training,
        EvaluationConfig evaluation,
        Sections sections) {

    /** Checks what a single section cannot. */
    public ExperimentConfig {
        Require.notBlank("model_name", modelName);
        Require.notBlank("output_dir", outputDir);
        Require.notBlank("work_dir", workDir);
    }

    /**
     * What training depends on, which sees no test row.
     *
     * @return these settings without what concerns the test split alone
     */
    public ExperimentConfig ofTraining() {
        return new ExperimentConfig(
                modelName, seed, device, outputDir, workDir, data, training, evaluation.ofTraining(), sections);
    }

    /**
     * What a model and its metrics depend on: not on what is measured beside them.
     *
     * @return these settings without baselines
     */
    public ExperimentConfig withoutBaselines() {
        return new ExperimentConfig(
                modelName, seed, device, outputDir, workDir, data, training, evaluation.withoutBaselines(), sections);
    }

    /**
     * The settings of an extension.
     *
     * @param type a record whose components are sections by name, {@code data}, {@code training} and {@code evaluation} among
     *     them
     * @return the settings
     * @throws ConfigException if a section is missing
     */
    public <S extends Record> S settings(Class<S> type) {
        return sections.with("data", data)
                .with("training", training)
                .with("evaluation", evaluation)
                .as(type);
    }
}
