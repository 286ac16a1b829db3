package io.deepfm.explanation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.CtrModel;
import io.deepfm.model.embedding.FieldParts;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * How strongly fields interact in a model, over some rows. CIN, the cross network and the deep network have no terms of pairs alone,
 * so nothing is said of theirs.
 *
 * @param pairs of the factorization machine the mean absolute value of each pair's term, for each head; NaN but above the diagonal;
 *     nothing of a model without one
 * @param attention the mean weight that a field (row) gives another (column), for each layer and, within it, head of attention;
 *     nothing of a model without attention
 */
public record Interactions(List<FieldMatrix> pairs, List<List<FieldMatrix>> attention) {

    /**
     * Measures them.
     *
     * @param model a model with its weights set
     * @param rows the features of each group that has fields, row i of each for row i, some rows at a time
     * @return their strength
     */
    public static Interactions of(CtrModel model, Iterator<Map<FieldGroup, FeatureTable>> rows) {
        Sums sums = new Sums(model);
        while (rows.hasNext()) {
            sums.add(rows.next());
        }
        return sums.mean();
    }

    /** Adds up rows. */
    private static final class Sums {
        private final CtrModel model;
        private final List<String> fields;
        private final double[][][] pairs;
        private final List<LayerSum> attention = new ArrayList<>();
        private long rows;

        /** The sum of a layer's weights over rows, of shape (heads, E, E), and the number of heads. */
        private record LayerSum(double[] sum, int heads) {}

        Sums(CtrModel model) {
            this.model = model;
            this.fields = model.schema().embeddedFields().stream()
                    .map(FieldSchema::name)
                    .toList();
            this.pairs = new double[model.hasSecondOrder() ? model.heads() : 0][fields.size()][fields.size()];
        }

        void add(Map<FieldGroup, FeatureTable> features) {
            try (NDManager scratch = ModelInput.scratch(model);
                    NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                FieldParts parts = ModelInput.parts(model, features, scratch);
                if (parts.vectors() == null) {
                    return;
                }
                int count = (int) parts.vectors().getShape().get(0);
                rows += count;
                for (int head = 0; head < pairs.length; head++) {
                    addPairs(pairs[head], PairTerms.of(model, parts.vectors(), head), count);
                }
                addAttention(model.attention(parts.vectors()));
            }
        }

        private void addPairs(double[][] sums, PairTerms terms, int count) {
            for (int row = 0; row < count; row++) {
                for (int i = 0; i < sums.length; i++) {
                    for (int j = i + 1; j < sums.length; j++) {
                        sums[i][j] += Math.abs(terms.of(row, i, j));
                    }
                }
            }
        }

        private void addAttention(NDList layers) {
            for (int layer = 0; layer < layers.size(); layer++) {
                NDArray weights = layers.get(layer);
                float[] sum = weights.sum(new int[] {0}).toFloatArray();
                if (layer == attention.size()) {
                    attention.add(new LayerSum(
                            new double[sum.length], (int) weights.getShape().get(1)));
                }
                for (int i = 0; i < sum.length; i++) {
                    attention.get(layer).sum[i] += sum[i];
                }
            }
        }

        Interactions mean() {
            List<FieldMatrix> ofHeads = new ArrayList<>();
            for (int head = 0; head < pairs.length; head++) {
                double[][] mean = new double[fields.size()][fields.size()];
                for (int i = 0; i < mean.length; i++) {
                    for (int j = 0; j < mean.length; j++) {
                        mean[i][j] = j > i ? pairs[head][i][j] / rows : Double.NaN;
                    }
                }
                ofHeads.add(
                        new FieldMatrix(pairs.length == 1 ? "logit" : head == 0 ? "interact" : "like", fields, mean));
            }
            List<List<FieldMatrix>> ofLayers = new ArrayList<>();
            for (LayerSum layer : attention) {
                ofLayers.add(means(layer));
            }
            return new Interactions(ofHeads, ofLayers);
        }

        private List<FieldMatrix> means(LayerSum layer) {
            List<FieldMatrix> heads = new ArrayList<>();
            int next = 0;
            for (int head = 1; head <= layer.heads; head++) {
                double[][] mean = new double[fields.size()][fields.size()];
                for (double[] row : mean) {
                    for (int j = 0; j < row.length; j++) {
                        row[j] = layer.sum[next++] / rows;
                    }
                }
                heads.add(new FieldMatrix("head " + head, fields, mean));
            }
            return heads;
        }
    }
}
