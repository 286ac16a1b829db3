package io.deepfm.model.parameter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * A weight's values wherever they are: in memory, in the engine, in a file. They come piece by piece, so that a table larger
 * than the heap goes from one place to another.
 */
public interface Tensor {

    /** The most values of a piece: 4 MiB. */
    int PIECE = 1 << 20;

    /**
     * The dimensions.
     *
     * @return as PyTorch has them
     */
    long[] shape();

    /**
     * Gives all values in row-major order.
     *
     * @param consumer takes each piece, of any length up to {@link #PIECE}; the array may be used again after it returns
     */
    void forEachPiece(Consumer<float[]> consumer);

    /**
     * The number of values.
     *
     * @return the product of the dimensions
     */
    default long size() {
        return Arrays.stream(shape()).reduce(1, Math::multiplyExact);
    }

    /**
     * All values at once.
     *
     * @return in row-major order
     * @throws ArithmeticException if they are more than an array holds
     */
    default float[] values() {
        float[] values = new float[Math.toIntExact(size())];
        int[] filled = {0};
        forEachPiece(piece -> {
            System.arraycopy(piece, 0, values, filled[0], piece.length);
            filled[0] += piece.length;
        });
        return values;
    }

    /**
     * Copies all values into an array of the engine.
     *
     * @param array of as many values, contiguous; changed in place
     */
    default void copyTo(NDArray array) {
        long[] filled = {0};
        try (NDManager scratch = array.getManager().newSubManager()) {
            NDArray flat = array.reshape(-1);
            flat.attach(scratch);
            forEachPiece(piece -> {
                long end = filled[0] + piece.length;
                try (NDArray values = scratch.create(piece)) {
                    flat.set(new NDIndex("{}:{}", filled[0], end), values);
                }
                filled[0] = end;
            });
        }
        if (filled[0] != size()) {
            throw new IllegalStateException(filled[0] + " values instead of " + size());
        }
    }

    /**
     * A tensor in memory.
     *
     * @param shape its dimensions
     * @param values its values in row-major order
     * @return the tensor
     * @throws IllegalArgumentException if there are not as many values as the shape says
     */
    static Tensor of(long[] shape, float[] values) {
        if (Arrays.stream(shape).reduce(1, (a, b) -> a * b) != values.length) {
            throw new IllegalArgumentException(
                    values.length + " values do not fit a tensor of shape " + Arrays.toString(shape));
        }
        return new Tensor() {
            @Override
            public long[] shape() {
                return shape;
            }

            @Override
            public void forEachPiece(Consumer<float[]> consumer) {
                for (int start = 0; start < values.length; start += PIECE) {
                    consumer.accept(Arrays.copyOfRange(values, start, Math.min(values.length, start + PIECE)));
                }
            }

            @Override
            public float[] values() {
                return values;
            }
        };
    }

    /**
     * An array of the engine, as it is when it is read.
     *
     * @param array contiguous
     * @return the tensor
     */
    static Tensor of(NDArray array) {
        return new Tensor() {
            @Override
            public long[] shape() {
                return array.getShape().getShape();
            }

            @Override
            public void forEachPiece(Consumer<float[]> consumer) {
                try (NDManager scratch = array.getManager().newSubManager()) {
                    NDArray flat = array.stopGradient().reshape(-1);
                    flat.attach(scratch);
                    for (long start = 0; start < flat.size(); start += PIECE) {
                        long end = Math.min(flat.size(), start + PIECE);
                        try (NDArray piece = flat.get(new NDIndex("{}:{}", start, end))) {
                            consumer.accept(piece.toFloatArray());
                        }
                    }
                }
            }
        };
    }
}
