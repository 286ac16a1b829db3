package io.deepfm.model.io;

import ai.djl.ndarray.NDManager;
import io.deepfm.config.ConfigException;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Tensor;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldSchema;
import io.deepfm.storage.Checksums;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.ref.Cleaner;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.Path;

/**
 * A model as it is stored: the folder {@code model/} of a run. Its weights stay where they are until somebody reads them,
 * tensor by tensor.
 *
 * <p>It travels to Spark's executors with its weights, which become a temporary file there.
 */
public final class SavedModel implements Serializable {

    private static final long serialVersionUID = 2L;
    private static final String WEIGHTS = "model.safetensors";
    private static final String ARCHITECTURE = "model.json";
    private static final String SCHEMA = "schema.json";
    private static final Cleaner CLEANER = Cleaner.create();

    private final String place;
    private final String architecture;
    private final String schema;
    private transient Map<String, Tensor> tensors;
    private transient String digest;

    private SavedModel(String place, String architecture, String schema, Map<String, Tensor> tensors, String digest) {
        this.place = place;
        this.architecture = architecture;
        this.schema = schema;
        this.tensors = tensors;
        this.digest = digest;
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
        return new SavedModel("of this run", config.toJson(), schema.toJson(), weights, null);
    }

    /**
     * The same weights with other settings.
     *
     * @param config the settings of an architecture with the same weights
     * @return the stored form
     */
    public SavedModel withConfig(ModelConfig config) {
        return new SavedModel(place, config.toJson(), schema, tensors, null);
    }

    /**
     * Reads a stored model, of the weights no more than their shapes.
     *
     * @param storage the file systems
     * @param folder the folder
     * @return the stored form, not checked yet
     * @throws DataException if a file is missing, or not what was written according to {@link Checksums}
     */
    public static SavedModel read(Storage storage, Path folder) {
        String digest = Checksums.verify(storage, folder, WEIGHTS);
        Path file = new Path(folder, WEIGHTS);
        return new SavedModel(
                folder.toString(),
                Checksums.readString(storage, folder, ARCHITECTURE),
                Checksums.readString(storage, folder, SCHEMA),
                Safetensors.read(() -> storage.open(file), storage.length(file), file.toString()),
                digest);
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
        storage.write(new Path(folder, WEIGHTS), out -> Safetensors.write(out, tensors));
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        out.defaultWriteObject();
        Safetensors.write(out, tensors);
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        in.defaultReadObject();
        java.nio.file.Path file = Files.createTempFile("model-", ".safetensors");
        file.toFile().deleteOnExit();
        CLEANER.register(this, () -> file.toFile().delete());
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        tensors = Safetensors.read(() -> open(file), Files.size(file), place + "/" + WEIGHTS);
    }

    private static InputStream open(java.nio.file.Path file) {
        try {
            return Files.newInputStream(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        model.parameters().set(manager, checkedValues(model, tensors, place));
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
        return tensors;
    }

    /**
     * The vectors of a field's ids.
     *
     * @param field a sparse field with a table of its own
     * @return shape (vocabulary size, embedding dimension)
     * @throws DataException if there are none of this shape
     */
    public Tensor vectors(String field) {
        String name = "embedding.second_order." + field + ".weight";
        Tensor tensor = tensors.get(name);
        FieldSchema of = schema().fields().stream()
                .filter(one -> one.name().equals(field))
                .findFirst()
                .orElseThrow();
        if (tensor == null || !Arrays.equals(tensor.shape(), new long[] {of.vocabularySize(), of.embeddingDim()})) {
            throw new DataException(
                    "Cannot use the weights " + place + ": " + name + " is missing or does not fit " + SCHEMA + ".");
        }
        return tensor;
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
     * A digest of all parts. That of the weights is their file's, so that one that has been read is not read again.
     *
     * @return equal for equal models
     */
    public String fingerprint() {
        return new Fingerprint()
                .add(WEIGHTS, digest == null ? digestOfWeights() : digest)
                .add(ARCHITECTURE, architecture)
                .add(SCHEMA, schema)
                .hex();
    }

    private String digestOfWeights() {
        DigestOutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), DigestUtils.getSha256Digest());
        try {
            Safetensors.write(out, tensors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Hex.encodeHexString(out.getMessageDigest().digest());
    }

    /**
     * The values of a model's weights, when exactly those are there.
     *
     * @param model which weights there should be
     * @param tensors what a file holds
     * @param place what to call the file in errors
     * @return values by name; reading one that is not finite throws a {@link DataException}
     * @throws DataException if a tensor is missing, extra or of another shape; the message names it
     */
    public static Map<String, Tensor> checkedValues(CtrModel model, Map<String, Tensor> tensors, String place) {
        List<String> problems = new ArrayList<>();
        Map<String, Tensor> values = new LinkedHashMap<>();
        Set<String> others = new LinkedHashSet<>(tensors.keySet());
        for (Parameter parameter : model.parameters().all()) {
            String name = parameter.name();
            Tensor tensor = tensors.get(name);
            others.remove(name);
            if (tensor == null) {
                problems.add(name + " is missing");
            } else if (!Arrays.equals(tensor.shape(), parameter.shape().getShape())) {
                problems.add(name + " has shape " + Arrays.toString(tensor.shape()) + ", expected "
                        + Arrays.toString(parameter.shape().getShape()));
            } else {
                values.put(name, new Finite(tensor, "Cannot use the weights " + place + ": " + name));
            }
        }
        others.forEach(name -> problems.add(name + " is not a weight of this architecture"));
        if (!problems.isEmpty()) {
            throw new DataException("Cannot use the weights " + place + ": "
                    + String.join("; ", problems.subList(0, Math.min(5, problems.size())))
                    + (problems.size() > 5 ? "; and " + (problems.size() - 5) + " more" : "") + ".");
        }
        return values;
    }

    /** A tensor that must be finite. */
    private record Finite(Tensor tensor, String what) implements Tensor {

        @Override
        public long[] shape() {
            return tensor.shape();
        }

        @Override
        public void forEachPiece(Consumer<float[]> consumer) {
            tensor.forEachPiece(piece -> {
                for (float value : piece) {
                    if (!Float.isFinite(value)) {
                        throw new DataException(what + " holds a value that is not finite.");
                    }
                }
                consumer.accept(piece);
            });
        }
    }
}
