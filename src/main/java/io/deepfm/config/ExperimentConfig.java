package io.deepfm.config;

import java.util.Optional;

/**
 * Everything that decides a run.
 *
 * @param modelName the registered name of the model: {@code deepfm}, {@code xdeepfm}, {@code attention_deepfm}
 * @param seed the source of every random choice
 * @param device where training runs
 * @param outputDir the run's directory: model, metrics, rankings, logs (any Hadoop path)
 * @param workDir prepared data, shared by the runs over one dataset (any Hadoop path)
 * @param dataset the dataset's tables and features; where not given, an adapter of the name {@code data.dataset_name}
 *     describes them
 * @param data dataset, splits and negative sampling
 * @param feature embeddings
 * @param fm factorization machine
 * @param dnn deep network
 * @param cin compressed interaction network (xDeepFM)
 * @param attention field self-attention (AttentionDeepFM)
 * @param training the training loop
 * @param evaluation ranking metrics
 */
public record ExperimentConfig(
        String modelName,
        long seed,
        DeviceChoice device,
        String outputDir,
        String workDir,
        Optional<DatasetDefinition> dataset,
        DataConfig data,
        FeatureConfig feature,
        FmConfig fm,
        DnnConfig dnn,
        CinConfig cin,
        AttentionConfig attention,
        TrainingConfig training,
        EvaluationConfig evaluation) {

    /** Checks what a single section cannot. */
    public ExperimentConfig {
        Require.notBlank("model_name", modelName);
        Require.notBlank("output_dir", outputDir);
        Require.notBlank("work_dir", workDir);
    }

    /**
     * The settings of the model's architecture.
     *
     * @return a part of this configuration
     */
    public ModelConfig model() {
        return new ModelConfig(modelName, feature, fm, dnn, cin, attention);
    }
}
