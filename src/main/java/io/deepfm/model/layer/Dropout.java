package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.deepfm.config.Seed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/**
 * Draws which units are dropped in training.
 *
 * <p>Masks are drawn in Java: on a CPU the engine's own {@code bernoulli_} took a third of a training step. It also makes
 * the masks a function of the seed alone, on every device and after a restart. Two units share a 32-bit hash of a
 * counter (the end of MurmurHash3) and a key per mask, in a loop without branches that the compiler makes vector
 * instructions of.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout, 2014</a>
 */
final class Dropout {

    private static final int LEVELS = 1 << 16;

    /** Pairs of units at a time, so that they go from the processor's cache into the mask. */
    private static final int BLOCK = 2048;

    private final int threshold;
    private long seed;
    private long masks;
    private final int[] block = new int[2 * BLOCK];
    private ByteBuffer buffer = ByteBuffer.allocateDirect(0);

    /**
     * @param rate the probability that a unit is dropped, rounded to 1/65536
     */
    Dropout(double rate) {
        threshold = (int) Math.round(rate * LEVELS);
    }

    /**
     * Starts a new sequence of masks.
     *
     * @param newSeed decides all masks until the next call
     */
    void seed(long newSeed) {
        seed = newSeed;
        masks = 0;
    }

    /** Whether any unit is ever dropped. */
    boolean drops() {
        return threshold > 0;
    }

    /** What a kept unit is multiplied by so that the expectation stays; 0 where none is kept. */
    double scale() {
        return threshold == LEVELS ? 0 : (double) LEVELS / (LEVELS - threshold);
    }

    /**
     * The next mask. Its memory is used again by the next call, so the backward pass must come before it.
     *
     * @param manager owns the array
     * @param shape the units
     * @param kept what stands for a kept unit
     * @param dropped what stands for a dropped one
     * @return float32
     */
    NDArray next(NDManager manager, Shape shape, float kept, float dropped) {
        int size = Math.toIntExact(shape.size());
        if (buffer.capacity() != size * Float.BYTES) {
            buffer = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder());
        }
        long key = Seed.of(seed, masks++);
        int low = (int) key;
        int high = (int) (key >>> 32);
        int keptBits = Float.floatToRawIntBits(kept);
        int droppedBits = Float.floatToRawIntBits(dropped);
        IntBuffer mask = buffer.clear().asIntBuffer();
        for (int start = 0; mask.hasRemaining(); start += BLOCK) {
            draw(block, start, low, high, threshold, keptBits, droppedBits);
            mask.put(block, 0, Math.min(block.length, mask.remaining()));
        }
        return manager.create(buffer, shape, DataType.FLOAT32);
    }

    private static void draw(int[] bits, int start, int key, int key2, int threshold, int kept, int dropped) {
        int differ = kept ^ dropped;
        for (int i = 0; i < BLOCK; i++) {
            int hash = (start + i) * 0x9E3779B9 + key;
            hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
            hash = ((hash ^ (hash >>> 13)) + key2) * 0xC2B2AE35;
            hash ^= hash >>> 16;
            // The sign of the difference, spread over all bits, chooses without a branch.
            bits[i] = kept ^ ((((hash & 0xFFFF) - threshold) >> 31) & differ);
            bits[BLOCK + i] = kept ^ ((((hash >>> 16) - threshold) >> 31) & differ);
        }
    }
}
