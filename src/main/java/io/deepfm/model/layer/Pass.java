package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One pass of a batch through a model.
 *
 * <p>In training, a term of the logit may be computed in chunks of rows of which nothing is kept; the backward pass makes
 * a chunk's term again and walks back through it at once, while it lies in the processor's cache. The engine does not
 * know of this, so that such a pass goes back by {@link #backward}.
 *
 * @see <a href="https://arxiv.org/abs/1604.06174">Chen et al., Training deep nets with sublinear memory cost, 2016</a>
 */
public final class Pass {

    private record Term(NDArray input, int chunk, UnaryOperator<NDArray> function) {}

    private final boolean training;
    private final List<Term> terms = new ArrayList<>();

    private Pass(boolean training) {
        this.training = training;
    }

    /**
     * A pass without dropout, with the batch statistics that training tracked.
     *
     * @return a pass that cannot go back
     */
    public static Pass inference() {
        return new Pass(false);
    }

    /**
     * A pass with dropout and batch statistics; the engine must be collecting gradients.
     *
     * @return a pass that goes back once
     */
    public static Pass training() {
        return new Pass(true);
    }

    /**
     * Whether dropout and batch statistics apply.
     *
     * @return true in training
     */
    public boolean isTraining() {
        return training;
    }

    /**
     * Computes a term of the logit chunk by chunk.
     *
     * @param input shape (B, ...)
     * @param chunk rows at a time
     * @param function from (N, ...) to (N, 1), each row by itself
     * @return shape (B, 1)
     */
    public NDArray inChunks(NDArray input, int chunk, UnaryOperator<NDArray> function) {
        if (training) {
            terms.add(new Term(input, chunk, function));
        }
        boolean collecting = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try {
            return overChunks(input, chunk, (rows, part) -> function.apply(part));
        } finally {
            JniUtils.setGradMode(collecting);
        }
    }

    /**
     * Adds to the gradients of all weights.
     *
     * @param logits what the pass gave, shape (B)
     * @param gradient the loss's gradient with respect to them, shape (B)
     */
    public void backward(NDArray logits, NDArray gradient) {
        if (terms.isEmpty()) {
            back(logits, gradient);
            return;
        }
        NDList ends = new NDList(logits.expandDims(1));
        NDList gradients = new NDList(gradient.expandDims(1));
        long rows = gradient.size();
        for (Term term : terms) {
            ends.add(term.input().reshape(rows, -1));
            gradients.add(back(term, gradient).reshape(rows, -1));
        }
        // One array of all ends, so that what they have in common is walked once.
        back(NDArrays.concat(ends, 1), NDArrays.concat(gradients, 1));
    }

    private static void back(NDArray end, NDArray gradient) {
        JniUtils.backward((PtNDArray) end, (PtNDArray) gradient, false, false);
    }

    /** The gradient with respect to a term's input; the weights' are added to. */
    private static NDArray back(Term term, NDArray gradient) {
        return overChunks(term.input().stopGradient(), term.chunk(), (rows, part) -> {
            NDArray leaf = part.stopGradient();
            leaf.setRequiresGradient(true);
            NDArray output = term.function().apply(leaf);
            back(output, gradient.get(rows).expandDims(1));
            return leaf.getGradient();
        });
    }

    @FunctionalInterface
    private interface Chunk {
        NDArray apply(NDIndex rows, NDArray part);
    }

    private static NDArray overChunks(NDArray input, int size, Chunk chunk) {
        long count = input.getShape().get(0);
        NDList results = new NDList();
        for (long start = 0; start < count; start += size) {
            NDIndex rows = new NDIndex("{}:{}", start, Math.min(count, start + size));
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray result = chunk.apply(rows, input.get(rows));
                NDScope.unregister(result);
                results.add(result);
            }
        }
        NDArray all = NDArrays.concat(results);
        results.close();
        return all;
    }
}
