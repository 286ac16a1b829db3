package io.deepfm.model.io;

import ai.djl.ndarray.NDManager;
import io.deepfm.config.ConfigException;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.layer.Parameters.Parameter;
import io.deepfm.model.layer.Tensor;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.storage.Checksums;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * A model as it is stored: the folder {@code model/} of a run. It is small and travels to Spark's executors as it is.
 */
public final class SavedModel implements Serializable {

    private static final long serialVersionUID = 1L;
    private static final String WEIGHTS = "model.safetensors";
    private static final String ARCHITECTURE = "model.json";
    private static final String SCHEMA = "schema.json";

    private final String place;
    private final byte[] weights;
    private final String architecture;
    private final String schema;

    private SavedModel(String place, byte[] weights, String architecture, String schema) {
        this.place = place;
        this.weights = weights;
        this.architecture = architecture;
        this.schema = schema;
    }

    /**
     * A model in the form in which it is stored.
     *
     * @param config its architecture
     * @param schema its fields
     * @param weights its weights by name
     * @return the stored form
     */
    public static SavedModel of(ModelConfig config, DatasetSchema schema, Map<String, Tensor> weights) {
        return new SavedModel("of this run", Safetensors.write(weights), config.toJson(), schema.toJson());
    }

    /**
     * Reads a stored model.
     *
     * @param storage the file systems
     * @param folder the folder
     * @return the stored form, not checked yet
     * @throws DataException if a file is missing, or not what was written according to {@link Checksums}
     */
    public static SavedModel read(Storage storage, Path folder) {
        return new SavedModel(
                folder.toString(),
                Checksums.read(storage, folder, WEIGHTS),
                Checksums.readString(storage, folder, ARCHITECTURE),
                Checksums.readString(storage, folder, SCHEMA));
    }

    /**
     * Stores the model; each file appears whole or not at all.
     *
     * @param storage the file systems
     * @param folder the folder
     */
    public void write(Storage storage, Path folder) {
        storage.write(new Path(folder, ARCHITECTURE), architecture);
        storage.write(new Path(folder, SCHEMA), schema);
        storage.write(new Path(folder, WEIGHTS), weights);
    }

    /**
     * Builds the model and sets its weights.
     *
     * @param manager owns the weights
     * @return a model that is ready to use
     * @throws DataException if the parts do not fit each other
     */
    public CtrModel load(NDManager manager) {
        CtrModel model = create();
        model.parameters().set(manager, checkedValues(model, tensors(), place));
        return model;
    }

    private CtrModel create() {
        try {
            return config().create(schema());
        } catch (ConfigException | IllegalArgumentException e) {
            throw new DataException("Cannot use the model " + place + ". " + e.getMessage(), e);
        }
    }

    /**
     * The weights as they are stored, not checked against the architecture.
     *
     * @return weights by name
     */
    Map<String, Tensor> tensors() {
        return Safetensors.read(weights, place + "/" + WEIGHTS);
    }

    /**
     * The fields.
     *
     * @return the schema the model was trained on
     */
    public DatasetSchema schema() {
        try {
            return DatasetSchema.fromJson(schema);
        } catch (IllegalArgumentException e) {
            throw new DataException("Cannot use the model " + place + ". " + SCHEMA + ": " + e.getMessage(), e);
        }
    }

    /**
     * The architecture.
     *
     * @return the settings the model was built from
     */
    public ModelConfig config() {
        try {
            return ModelConfig.fromJson(architecture, place + "/" + ARCHITECTURE);
        } catch (ConfigException e) {
            throw new DataException("Cannot use the model " + place + ". " + e.getMessage(), e);
        }
    }

    /**
     * A digest of all parts.
     *
     * @return equal for equal models
     */
    public String fingerprint() {
        return new Fingerprint()
                .add(WEIGHTS, weights)
                .add(ARCHITECTURE, architecture)
                .add(SCHEMA, schema)
                .hex();
    }

    /**
     * The values of a model's weights, when exactly those are there.
     *
     * @param model which weights there should be
     * @param tensors what a file holds
     * @param place what to call the file in errors
     * @return values by name
     * @throws DataException if a tensor is missing, extra, of another shape or not finite; the message names it
     */
    public static Map<String, float[]> checkedValues(CtrModel model, Map<String, Tensor> tensors, String place) {
        List<String> problems = new ArrayList<>();
        Map<String, float[]> values = new LinkedHashMap<>();
        for (Parameter parameter : model.parameters().all()) {
            Tensor tensor = tensors.get(parameter.name());
            if (tensor == null) {
                problems.add(parameter.name() + " is missing");
            } else if (!Arrays.equals(tensor.shape(), parameter.shape().getShape())) {
                problems.add(parameter.name() + " has shape " + Arrays.toString(tensor.shape()) + ", expected "
                        + Arrays.toString(parameter.shape().getShape()));
            } else if (!isFinite(tensor.values())) {
                problems.add(parameter.name() + " holds a value that is not finite");
            } else {
                values.put(parameter.name(), tensor.values());
            }
        }
        for (String name : tensors.keySet()) {
            if (model.parameters().all().stream().noneMatch(p -> p.name().equals(name))) {
                problems.add(name + " is not a weight of this architecture");
            }
        }
        if (!problems.isEmpty()) {
            throw new DataException("Cannot use the weights " + place + ": "
                    + String.join("; ", problems.subList(0, Math.min(5, problems.size())))
                    + (problems.size() > 5 ? "; and " + (problems.size() - 5) + " more" : "") + ".");
        }
        return values;
    }

    private static boolean isFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }
}
