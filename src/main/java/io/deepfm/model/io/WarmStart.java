package io.deepfm.model.io;

import io.deepfm.config.ConfigException;
import io.deepfm.model.CtrModel;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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
    public Map<String, Tensor> values(CtrModel model, Map<String, Tensor> fresh) {
        Map<String, Tensor> others = new LinkedHashMap<>(earlier.tensors());
        Map<String, Tensor> values = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (Parameter parameter : model.parameters().all()) {
            Tensor tensor = others.remove(parameter.name());
            int[] ids = parameter.field().map(earlierIds::get).orElse(null);
            long[] shape = parameter.shape().getShape();
            if (tensor == null) {
                problems.add(parameter.name() + " is missing there");
            } else if (ids != null && tensor.shape().length == 2 && tensor.shape()[1] == shape[1]) {
                values.put(parameter.name(), new Moved(tensor, ids, fresh.get(parameter.name())));
            } else if (Arrays.equals(tensor.shape(), shape)) {
                values.put(parameter.name(), tensor);
            } else {
                // A table's first, as the shapes of other weights follow from it.
                problems.add(
                        parameter.field().isPresent() ? 0 : problems.size(),
                        parameter.name() + " has shape " + Arrays.toString(tensor.shape()) + " there and "
                                + Arrays.toString(shape) + " here");
            }
        }
        others.keySet().forEach(name -> problems.add(name + " is not a weight of this architecture"));
        if (!problems.isEmpty()) {
            throw new ConfigException("training.warm_start = " + place + ": that model has another architecture: "
                    + problems.get(0) + (problems.size() > 1 ? ", and " + (problems.size() - 1) + " more" : "")
                    + ". Give embedding_dim as numbers rather than auto, or train without warm_start.");
        }
        return values;
    }

    /**
     * A table whose rows are those of an earlier one, which is in memory as a whole while this is read.
     *
     * @param earlier the earlier table
     * @param ids the earlier id of each of today's, 0 for none
     * @param fresh today's table, for the rows without an earlier id
     */
    private record Moved(Tensor earlier, int[] ids, Tensor fresh) implements Tensor {

        @Override
        public long[] shape() {
            return fresh.shape();
        }

        @Override
        public void forEachPiece(Consumer<float[]> consumer) {
            float[] rows = earlier.values();
            int width = (int) shape()[1];
            long[] at = {0};
            fresh.forEachPiece(piece -> {
                for (int i = 0; i < piece.length; i++, at[0]++) {
                    int id = (int) (at[0] / width);
                    if (id < ids.length && ids[id] > 0) {
                        piece[i] = rows[ids[id] * width + (int) (at[0] % width)];
                    }
                }
                consumer.accept(piece);
            });
        }
    }
}
