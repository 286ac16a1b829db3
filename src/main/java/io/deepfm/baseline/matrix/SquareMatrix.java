package io.deepfm.baseline.matrix;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.deepfm.inference.EngineSettings;

/**
 * The inverse of a matrix, by the engine's LAPACK: what Spark brings without native libraries of the system's takes ten times
 * as long. (1,682 items, 2 cores: 0.14 s against 1.6 s of netlib's Cholesky in Java.)
 */
public final class SquareMatrix {

    private SquareMatrix() {}

    /**
     * Inverts.
     *
     * @param values row by row, shape (n, n)
     * @param n the number of rows
     * @return row by row, shape (n, n)
     */
    public static float[] inverse(float[] values, int n) {
        // Rounding depends on the number of threads, so it is not left to what ran before; and is the same again
        // afterwards.
        int before = EngineSettings.threads();
        EngineSettings.start(Runtime.getRuntime().availableProcessors());
        try (NDManager manager = NDManager.newBaseManager(Device.cpu());
                NDArray matrix = manager.create(values, new Shape(n, n));
                NDArray inverse = matrix.inverse()) {
            return inverse.toFloatArray();
        } finally {
            EngineSettings.start(before);
        }
    }
}
