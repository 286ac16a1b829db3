package io.deepfm.model;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ConfigLoader;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.Sections;
import io.deepfm.schema.DatasetSchema;

/**
 * What decides a model's architecture, and so what {@code model.json} holds.
 *
 * @param modelName the architecture's name
 * @param sections the sections that it reads, and no others
 */
public record ModelConfig(String modelName, Sections sections) {

    /**
     * The part of a configuration that decides the architecture.
     *
     * @param config all settings
     * @return its model's
     * @throws ConfigException if there is no such architecture
     */
    public static ModelConfig of(ExperimentConfig config) {
        return new ModelConfig(config.modelName(), config.sections()).withoutOthers();
    }

    /**
     * Reads what {@link #toJson} wrote, be it of a program that wrote the sections of all architectures.
     *
     * @param json a JSON object
     * @param place what to call it in errors
     * @return the settings
     * @throws ConfigException if there is no such architecture, or a setting cannot be used
     */
    public static ModelConfig fromJson(String json, String place) {
        return ConfigLoader.fromJson(
                        ModelConfig.class, Architecture.registry().choice().settings(), json, place)
                .withoutOthers();
    }

    private ModelConfig withoutOthers() {
        return new ModelConfig(modelName, sections.only(architecture().settings()));
    }

    /**
     * What the model answers.
     *
     * @return one head where the architecture knows no others
     */
    public HeadsConfig heads() {
        return sections.find(HeadsConfig.class).orElse(HeadsConfig.ONE);
    }

    /**
     * The same model with another weight of liking in its ranking.
     *
     * @param likeWeight at least 0
     * @return a copy
     */
    public ModelConfig withLikeWeight(double likeWeight) {
        return new ModelConfig(
                modelName,
                sections.with(HeadsConfig.SECTION, new HeadsConfig(heads().heads(), String.valueOf(likeWeight))));
    }

    /**
     * The settings as JSON.
     *
     * @return an object with the name and the sections
     */
    public String toJson() {
        return ConfigLoader.toJson(this);
    }

    /**
     * Builds the model; its weights are declared but have no values yet.
     *
     * @param schema the fields
     * @return the model
     * @throws ConfigException if there is no such architecture, or a section that it reads is missing
     */
    public CtrModel create(DatasetSchema schema) {
        return create(architecture(), schema);
    }

    private <S extends Record> CtrModel create(Architecture<S> architecture, DatasetSchema schema) {
        return architecture.create(schema, sections.as(architecture.settings()));
    }

    private Architecture<?> architecture() {
        return Architecture.registry().get(modelName);
    }
}
