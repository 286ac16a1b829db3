package io.deepfm.model;

import io.deepfm.config.Extension;
import io.deepfm.config.Registry;
import io.deepfm.schema.DatasetSchema;

/**
 * A kind of model that {@code model_name} chooses.
 *
 * @param <S> the sections it reads
 */
public interface Architecture<S extends Record> extends Extension<S> {

    /**
     * Builds a model; its weights are declared but have no values yet.
     *
     * @param schema the fields
     * @param settings the sections
     * @return the model
     */
    CtrModel create(DatasetSchema schema, S settings);

    /**
     * The architectures on the classpath.
     *
     * @return by name
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Registry<Architecture<?>> registry() {
        return new Registry("model_name", Architecture.class);
    }
}
