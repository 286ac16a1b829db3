package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.core.Linear;
import java.util.ArrayList;
import java.util.List;

/**
 * What a layer reads of a batch of B rows: columns in parts side by side, W of them.
 *
 * <p>A linear layer's product is the sum of its parts' products. So that of a user, of a group's context or of an item is
 * computed once, however many rows of the batch share it:
 *
 * <pre>W [u, v] = W_u u + W_v v</pre>
 */
public final class LayerInput {

    /**
     * Columns with the same rows, and the weights that they are multiplied by.
     *
     * @param shared a part with these rows; null for those that are a row for each of the batch
     */
    private record Factors(SharedRows shared, NDList values, NDList weights) {

        NDArray product(NDArray bias) {
            NDArray product = linear(sideBySide(values), sideBySide(weights), bias);
            return shared == null ? product : shared.gathered(product);
        }
    }

    private final List<SharedRows> parts;
    private NDArray whole;

    /**
     * @param parts in the order of the columns; where several are shared alike, with the same array of row numbers
     */
    public LayerInput(List<SharedRows> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Rows that share nothing.
     *
     * @param whole shape (B, W)
     * @return the input
     */
    public static LayerInput of(NDArray whole) {
        return new LayerInput(List.of(new SharedRows(whole, null)));
    }

    /**
     * All columns of each row.
     *
     * @return shape (B, W); the same array each time, which belongs to the scope of the first call
     */
    public NDArray whole() {
        if (whole == null) {
            NDList gathered = new NDList();
            parts.forEach(part -> gathered.add(part.gathered()));
            whole = sideBySide(gathered);
        }
        return whole;
    }

    /**
     * A linear layer.
     *
     * @param weight shape (H, W)
     * @param bias shape (H); null for none
     * @return shape (B, H)
     */
    public NDArray linear(NDArray weight, NDArray bias) {
        if (parts.stream().noneMatch(SharedRows::areFew)) {
            return linear(whole(), weight, bias);
        }
        NDArray sum = null;
        for (Factors factors : factors(weight)) {
            sum = sum == null ? factors.product(bias) : sum.addi(factors.product(null));
        }
        return sum;
    }

    /** Those that are few are multiplied before they are copied, all others together. */
    private List<Factors> factors(NDArray weight) {
        List<Factors> factors = new ArrayList<>();
        NDList weights = columns(weight);
        for (int i = 0; i < parts.size(); i++) {
            SharedRows part = parts.get(i);
            SharedRows few = part.areFew() ? part : null;
            Factors found = factors.stream()
                    .filter(other -> haveSameRows(other.shared(), few))
                    .findFirst()
                    .orElse(null);
            if (found == null) {
                found = new Factors(few, new NDList(), new NDList());
                factors.add(found);
            }
            found.values().add(few == null ? part.gathered() : part.values());
            found.weights().add(weights.get(i));
        }
        return factors;
    }

    /** The same array, as to compare contents would cost more. */
    private static boolean haveSameRows(SharedRows a, SharedRows b) {
        return a == null || b == null ? a == b : a.rows() == b.rows();
    }

    private NDList columns(NDArray weight) {
        if (parts.size() == 1) {
            return new NDList(weight);
        }
        long[] ends = new long[parts.size() - 1];
        long end = 0;
        for (int i = 0; i < ends.length; i++) {
            end += parts.get(i).width();
            ends[i] = end;
        }
        return weight.split(ends, 1);
    }

    private static NDArray linear(NDArray input, NDArray weight, NDArray bias) {
        return (bias == null ? Linear.linear(input, weight) : Linear.linear(input, weight, bias)).singletonOrThrow();
    }

    /**
     * Puts columns side by side. DJL's own makes a copy of a single array, through which no gradient comes.
     *
     * @param parts each of B rows
     * @return shape (B, sum of their widths)
     */
    public static NDArray sideBySide(NDList parts) {
        return parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts, 1);
    }
}
