package io.deepfm.model;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ModelConfig;
import io.deepfm.config.NearestName;
import io.deepfm.schema.DatasetSchema;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** The models by name. */
public final class ModelRegistry {

    private static final Map<String, BiFunction<DatasetSchema, ModelConfig, CtrModel>> MODELS = new TreeMap<>(Map.of(
            "deepfm", DeepFm::new,
            "xdeepfm", XDeepFm::new,
            "attention_deepfm", AttentionDeepFm::new));

    private ModelRegistry() {}

    /**
     * The values that {@code model_name} may have.
     *
     * @return the names in alphabetical order
     */
    public static Set<String> names() {
        return MODELS.keySet();
    }

    /**
     * Builds a model; its weights are declared but have no values yet.
     *
     * @param schema the fields
     * @param config the name and the settings
     * @return the model
     * @throws ConfigException if no model bears the name
     */
    public static CtrModel create(DatasetSchema schema, ModelConfig config) {
        var constructor = MODELS.get(config.modelName());
        if (constructor == null) {
            throw new ConfigException("model_name: there is no model " + config.modelName() + ". Did you mean "
                    + NearestName.of(config.modelName(), MODELS.keySet()) + "? Known: " + MODELS.keySet() + ".");
        }
        return constructor.apply(schema, config);
    }
}
