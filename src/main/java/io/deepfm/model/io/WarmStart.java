package io.deepfm.model.io;

import io.deepfm.config.ConfigException;
import io.deepfm.model.CtrModel;
import io.deepfm.model.layer.Parameters.Parameter;
import io.deepfm.model.layer.Tensor;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Initial weights from an earlier model, such as yesterday's, of the same architecture over grown vocabularies.
 *
 * <p>A row of an embedding table moves to the id that its value has now; the rows of values that the earlier model did not
 * know keep their fresh initialization. All other weights are taken as they are.
 */
public final class WarmStart {

    private final SavedModel earlier;
    private final String place;
    private final Map<String, int[]> earlierIds;

    /**
     * @param earlier the earlier model
     * @param place what to call it in errors
     * @param earlierIds for each sparse and sequence field the earlier id of each of today's ids, 0 for none
     */
    public WarmStart(SavedModel earlier, String place, Map<String, int[]> earlierIds) {
        this.earlier = earlier;
        this.place = place;
        this.earlierIds = Map.copyOf(earlierIds);
    }

    /**
     * The values to start from.
     *
     * @param model the model of today
     * @param fresh initial values for what is new, by name
     * @return values by name
     * @throws ConfigException if the earlier model has other fields or another architecture
     */
    public Map<String, float[]> values(CtrModel model, Map<String, float[]> fresh) {
        Map<String, Tensor> tensors = earlier.tensors();
        Map<String, int[]> idsOfTable = idsOfTables(model);
        Map<String, float[]> values = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (Parameter parameter : model.parameters().all()) {
            Tensor tensor = tensors.remove(parameter.name());
            int[] ids = idsOfTable.get(parameter.name());
            long[] shape = parameter.shape().getShape();
            if (tensor == null) {
                problems.add(parameter.name() + " is missing there");
            } else if (ids != null && tensor.shape().length == 2 && tensor.shape()[1] == shape[1]) {
                float[] table = fresh.get(parameter.name()).clone();
                copyRows(tensor.values(), ids, table, (int) shape[1]);
                values.put(parameter.name(), table);
            } else if (Arrays.equals(tensor.shape(), shape)) {
                values.put(parameter.name(), tensor.values());
            } else {
                problems.add(parameter.name() + " has shape " + Arrays.toString(tensor.shape()) + " there and "
                        + Arrays.toString(shape) + " here");
            }
        }
        tensors.keySet().forEach(name -> problems.add(name + " is not a weight of this architecture"));
        if (!problems.isEmpty()) {
            throw new ConfigException("training.warm_start = " + place + ": that model has another architecture: "
                    + problems.get(0) + (problems.size() > 1 ? ", and " + (problems.size() - 1) + " more" : "")
                    + ". Give embedding_dim as numbers rather than auto, or train without warm_start.");
        }
        return values;
    }

    private Map<String, int[]> idsOfTables(CtrModel model) {
        Map<String, int[]> ids = new HashMap<>();
        for (FieldSchema field : model.schema().fields()) {
            if (field.type() != FeatureType.DENSE) {
                for (String order : List.of("first_order", "second_order")) {
                    ids.put("embedding." + order + "." + field.name() + ".weight", earlierIds.get(field.name()));
                }
            }
        }
        return ids;
    }

    private static void copyRows(float[] from, int[] ids, float[] to, int dim) {
        for (int id = 1; id < ids.length; id++) {
            if (ids[id] > 0) {
                System.arraycopy(from, ids[id] * dim, to, id * dim, dim);
            }
        }
    }
}
