package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Multiplication by a number. */
public final class Scale {

    private Scale() {}

    /**
     * Multiplies each element.
     *
     * <p>DJL's {@code mul(Number)} lends the engine a few bytes of Java's memory and gives them up at once; the backward
     * pass would read what has been written there since. Here the number is in the engine's own memory.
     *
     * @param array float32, any shape
     * @param factor the number
     * @return the same shape
     */
    public static NDArray by(NDArray array, double factor) {
        return array.mul(array.getManager().full(new Shape(1), (float) factor));
    }
}
