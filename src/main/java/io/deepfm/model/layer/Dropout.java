package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;

/**
 * Drops units in training and scales the others so that the expectation stays.
 *
 * <p>Masks are drawn in Java, four units per 64-bit random number: on a CPU the engine's own {@code bernoulli_} took a
 * third of a training step. It also makes the masks a function of the seed alone, on every device and after a restart.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout, 2014</a>
 */
public final class Dropout {

    private static final int LEVELS = 1 << 16;

    private final int threshold;
    private final float scale;
    private SplittableRandom random = new SplittableRandom(0);
    private float[] mask = new float[0];
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

    /**
     * @param rate the probability that a unit is dropped, rounded to 1/65536
     */
    public Dropout(double rate) {
        threshold = (int) Math.round(rate * LEVELS);
        scale = (float) LEVELS / (LEVELS - threshold);
    }

    /**
     * Starts a new sequence of masks.
     *
     * @param seed decides all masks until the next call
     */
    public void seed(long seed) {
        random = new SplittableRandom(seed);
    }

    /**
     * Drops units.
     *
     * <p>The mask's memory is used again by the next call, so the backward pass must come before it.
     *
     * @param input shape (B, H)
     * @param training whether to drop at all
     * @return the same shape
     */
    public NDArray forward(NDArray input, boolean training) {
        if (!training || threshold == 0) {
            return input;
        }
        Shape shape = input.getShape();
        draw(Math.toIntExact(shape.size()));
        return input.mul(input.getManager().create(buffer, shape, DataType.FLOAT32));
    }

    private void draw(int size) {
        if (mask.length != size) {
            mask = new float[size];
            buffer = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder());
        }
        for (int i = 0; i < size; ) {
            long bits = random.nextLong();
            int end = Math.min(size, i + 4);
            for (; i < end; i++, bits >>>= 16) {
                mask[i] = (bits & (LEVELS - 1)) < threshold ? 0f : scale;
            }
        }
        buffer.rewind();
        buffer.asFloatBuffer().put(mask);
    }
}
