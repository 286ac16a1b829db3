package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * One pass of a batch through a model.
 *
 * <p>A term of the logit may bring its own gradient, of which the engine does not know, so that such a pass goes back by
 * {@link #backward}.
 */
public final class Pass implements AutoCloseable {

    /** A term of the logit with a gradient written by hand; an object serves one pass and may keep what goes back needs. */
    public interface Term {

        /**
         * Computes the term.
         *
         * @param inputs what it depends on: first an array of B rows, then others
         * @return shape (B, H)
         */
        NDArray forward(NDList inputs);

        /**
         * Computes the gradients.
         *
         * @param inputs as they were given before
         * @param gradient the loss's gradient with respect to the term, shape (B, H)
         * @return its gradients with respect to the inputs, in their order and shapes
         */
        NDList backward(NDList inputs, NDArray gradient);
    }

    private record Applied(Term term, NDList inputs) {}

    private final boolean training;
    private final boolean goesBack;
    private final Runnable atEnd;
    private final List<Applied> terms = new ArrayList<>();
    private NDScope between;

    private Pass(boolean training, boolean goesBack, Runnable atEnd) {
        this.training = training;
        this.goesBack = goesBack;
        this.atEnd = atEnd;
    }

    /**
     * A pass without dropout, with the batch statistics that training tracked.
     *
     * @return a pass that cannot go back
     */
    public static Pass inference() {
        return new Pass(false, false, () -> {});
    }

    /**
     * A pass with dropout and batch statistics; the engine must be collecting gradients.
     *
     * @return a pass that goes back once
     */
    public static Pass training() {
        return new Pass(true, true, () -> {});
    }

    /**
     * A pass as in inference that tells how the logits depend on what is put in. The engine collects gradients in this thread until
     * the pass is closed.
     *
     * @return a pass that goes back once
     */
    public static Pass differentiable() {
        boolean collecting = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        return new Pass(false, true, () -> JniUtils.setGradMode(collecting));
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
     * Whether the pass goes back, so that terms keep what they need for it.
     *
     * @return false in inference
     */
    public boolean goesBack() {
        return goesBack;
    }

    /**
     * Computes a term of the logit.
     *
     * @param term the term
     * @param inputs what it depends on
     * @return shape (B, H)
     */
    public NDArray apply(Term term, NDList inputs) {
        if (goesBack) {
            terms.add(new Applied(term, inputs));
        }
        return withoutGraph(() -> term.forward(inputs));
    }

    /**
     * Goes forward and gives up the arrays between, of which the engine itself keeps what the way back needs, until it has used
     * it: so what comes next uses memory that is still in the cache. Where a term keeps some, all stay until the pass is closed.
     * Of an array in Java's memory the engine keeps a pointer alone: where the way back needs one, such as a batch's row numbers,
     * somebody else must hold its memory until then.
     *
     * @param model computes the logits, by way of {@link #apply} too
     * @return the logits, which are closed with the pass or with the scope around it
     */
    public NDArray forward(Supplier<NDArray> model) {
        between = new NDScope();
        between.suppressNotUsedWarning();
        NDArray logits = model.get();
        if (terms.isEmpty()) {
            NDScope.unregister(logits);
            release();
            NDScope.register(logits);
        }
        return logits;
    }

    @Override
    public void close() {
        release();
        atEnd.run();
    }

    private void release() {
        if (between != null) {
            between.close();
            between = null;
        }
    }

    /**
     * Adds to the gradients of all weights.
     *
     * @param logits what the pass gave, shape (B, H)
     * @param gradient the loss's gradient with respect to them, shape (B, H)
     */
    public void backward(NDArray logits, NDArray gradient) {
        if (terms.isEmpty()) {
            back(logits, gradient);
            return;
        }
        NDList ends = new NDList(logits);
        NDList gradients = new NDList(gradient);
        for (Applied applied : terms) {
            ends.addAll(applied.inputs());
            gradients.addAll(withoutGraph(() -> applied.term().backward(applied.inputs(), gradient)));
        }
        // One array of all ends, so that what they have in common is walked once.
        back(flat(ends), flat(gradients));
    }

    private static NDArray flat(NDList arrays) {
        NDList flat = new NDList(arrays.size());
        arrays.forEach(array -> flat.add(array.reshape(-1)));
        return NDArrays.concat(flat);
    }

    private static void back(NDArray end, NDArray gradient) {
        JniUtils.backward((PtNDArray) end, (PtNDArray) gradient, false, false);
    }

    private static <T> T withoutGraph(Supplier<T> work) {
        boolean collecting = JniUtils.isGradMode();
        JniUtils.setGradMode(false);
        try {
            return work.get();
        } finally {
            JniUtils.setGradMode(collecting);
        }
    }
}
