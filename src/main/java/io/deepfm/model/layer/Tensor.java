package io.deepfm.model.layer;

import java.util.Arrays;

/**
 * A named weight's values outside of the engine.
 *
 * @param shape its dimensions, as PyTorch has them
 * @param values its values in row-major order
 */
public record Tensor(long[] shape, float[] values) {

    /** Checks that there are as many values as the shape says. */
    public Tensor {
        if (Arrays.stream(shape).reduce(1, (a, b) -> a * b) != values.length) {
            throw new IllegalArgumentException(
                    values.length + " values do not fit a tensor of shape " + Arrays.toString(shape));
        }
    }
}
