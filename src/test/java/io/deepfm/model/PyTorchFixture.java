package io.deepfm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.model.io.SavedModel;
import io.deepfm.model.io.TensorFile;
import io.deepfm.model.parameter.Tensor;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.training.loss.Targets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What scripts/pytorch/make_fixtures.py wrote: a model, its weights, inputs, and what PyTorch made of them. */
public final class PyTorchFixture {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String name;
    private final JsonNode description;
    private final Map<String, Tensor> tensors;

    private PyTorchFixture(String name) {
        this.name = name;
        this.description = json(name);
        this.tensors = TensorFile.read(bytes(name + ".safetensors"), name);
    }

    /** The fixtures of a kind, such as {@code forward} or {@code training}. */
    public static Stream<PyTorchFixture> all(String kind) {
        try (Stream<Path> files =
                Files.list(Path.of(PyTorchFixture.class.getResource("/pytorch").getPath()))) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith(kind + "_") && file.endsWith(".json"))
                    .map(file -> file.replace(".json", ""))
                    .sorted()
                    .toList();
            return names.stream().map(PyTorchFixture::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A description without tensors. */
    public static JsonNode json(String name) {
        try {
            return JSON.readTree(bytes(name + ".json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The description's section about training. */
    public JsonNode training() {
        return description.get("training");
    }

    /** Weights whose values after training depend on rounding alone. */
    public List<String> undetermined() {
        return JSON.convertValue(
                description.get("undetermined"),
                JSON.getTypeFactory().constructCollectionType(List.class, String.class));
    }

    /** The model with the fixture's weights. */
    public CtrModel model(NDManager manager) {
        return model(manager, config());
    }

    /** The model with the fixture's weights, and dropout, which the fixture cannot have. */
    public CtrModel model(NDManager manager, double dropout) {
        ObjectNode model = description.get("model").deepCopy();
        ((ObjectNode) model.get("dnn")).put("dropout", dropout);
        return model(manager, ModelConfig.fromJson(model.toString(), name));
    }

    private CtrModel model(NDManager manager, ModelConfig config) {
        CtrModel model = config.create(schema());
        Map<String, Tensor> weights = new LinkedHashMap<>();
        model.parameters().all().forEach(parameter -> weights.put(parameter.name(), tensors.get(parameter.name())));
        model.parameters().set(manager, SavedModel.checkedValues(model, weights, name));
        return model;
    }

    /** The architecture. */
    public ModelConfig config() {
        return ModelConfig.fromJson(description.get("model").toString(), name);
    }

    /** The fields. */
    public DatasetSchema schema() {
        return DatasetSchema.fromJson(description.get("schema").toString());
    }

    /** How many batches lie one after the other. */
    public int batches() {
        long[] shape = tensors.get("label").shape();
        return shape.length == 1 ? 1 : (int) shape[0];
    }

    /** One batch's input. */
    public FeatureBatch batch(NDManager manager, int index) {
        Map<FieldGroup, FeatureBatch.Group> groups = new EnumMap<>(FieldGroup.class);
        tables(index).forEach((group, table) -> groups.put(group, table.toDevice(manager, null)));
        return new FeatureBatch(groups);
    }

    /** One batch's features of the groups that have fields. */
    public Map<FieldGroup, FeatureTable> tables(int index) {
        int batches = batches();
        int rows = values("label").length / batches;
        Map<FieldGroup, FeatureTable> tables = new EnumMap<>(FieldGroup.class);
        for (FieldGroup group : FieldGroup.values()) {
            if (!schema().fields(group).isEmpty()) {
                String prefix = "input." + group.name().toLowerCase(Locale.ROOT);
                float[] ids = part(prefix + ".codes", index, batches);
                int[] whole = new int[ids.length];
                for (int i = 0; i < ids.length; i++) {
                    whole[i] = (int) ids[i];
                }
                float[] dense = part(prefix + ".dense", index, batches);
                tables.put(group, new FeatureTable(rows, whole, dense));
            }
        }
        return tables;
    }

    /** One batch's labels. */
    public float[] labels(int index) {
        return part("label", index, batches());
    }

    /** What one batch's logits should become. */
    public Targets targets(NDManager manager, int index) {
        NDArray observed = has("observed") ? manager.create(part("observed", index, batches())) : null;
        return new Targets(manager.create(labels(index)), observed, null);
    }

    /** A tensor's values. */
    public float[] values(String tensor) {
        return tensors.get(tensor).values();
    }

    /** Whether there is such a tensor. */
    public boolean has(String tensor) {
        return tensors.containsKey(tensor);
    }

    private float[] part(String tensor, int index, int parts) {
        if (!has(tensor)) {
            return new float[0];
        }
        int length = values(tensor).length / parts;
        return Arrays.copyOfRange(values(tensor), index * length, (index + 1) * length);
    }

    private static byte[] bytes(String file) {
        try (InputStream in = PyTorchFixture.class.getResourceAsStream("/pytorch/" + file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
