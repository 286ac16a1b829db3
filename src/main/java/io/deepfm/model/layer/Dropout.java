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
 * the masks a function of the seed alone, on every device and after a restart. Not each unit is drawn but the way from one
 * dropped unit to the next, so that a mask costs what its dropped units cost. Where each unit is dropped with probability p
 * for itself, that way is geometric:
 *
 * <pre>P(gap = k) = p (1 - p)^(k - 1),   k = 1, 2, ...</pre>
 *
 * <p>Two gaps share a 32-bit hash of a counter (the end of MurmurHash3) and a key per mask; each has 16 bits, by which a
 * table of the distribution's quantiles is read.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout, 2014</a>
 */
final class Dropout {

    private static final int LEVELS = 1 << 16;

    private final double rate;
    private final int[] gaps;
    private long seed;
    private long masks;
    private IntBuffer mask = IntBuffer.allocate(0);
    private ByteBuffer memory;
    private int[] droppedUnits = new int[0];
    private int numDropped;
    private int keptBits;

    /**
     * @param rate the probability that a unit is dropped; taken as 0 below 1/131072
     */
    Dropout(double rate) {
        this.rate = rate < 0.5 / LEVELS ? 0 : rate;
        this.gaps = new int[drops() ? LEVELS : 0];
        for (int level = 0; level < gaps.length; level++) {
            double above = (LEVELS - level - 0.5) / LEVELS;
            gaps[level] = rate == 1 ? 1 : 1 + (int) (Math.log(above) / Math.log1p(-rate));
        }
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
        return rate > 0;
    }

    /** What a kept unit is multiplied by so that the expectation stays; 0 where none is kept. */
    double scale() {
        return rate == 1 ? 0 : 1 / (1 - rate);
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
        clear(Math.toIntExact(shape.size()), Float.floatToRawIntBits(kept));
        long key = Seed.of(seed, masks++);
        draw((int) key, (int) (key >>> 32), Float.floatToRawIntBits(dropped));
        return manager.create(memory.rewind(), shape, DataType.FLOAT32);
    }

    /** Keeps all units: of a mask of the same size, those that the last one dropped. */
    private void clear(int size, int kept) {
        if (mask.capacity() != size || keptBits != kept) {
            memory = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder());
            mask = memory.asIntBuffer();
            droppedUnits = new int[size];
            keptBits = kept;
            for (int unit = 0; kept != 0 && unit < size; unit++) {
                mask.put(unit, kept);
            }
        } else {
            for (int i = 0; i < numDropped; i++) {
                mask.put(droppedUnits[i], kept);
            }
        }
    }

    private void draw(int key, int key2, int dropped) {
        int size = mask.capacity();
        int count = 0;
        int counter = 0;
        // The sum may pass the largest integer, and is negative then.
        for (int unit = -1; ; ) {
            int hash = counter++ * 0x9E3779B9 + key;
            hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
            hash = ((hash ^ (hash >>> 13)) + key2) * 0xC2B2AE35;
            hash ^= hash >>> 16;
            unit += gaps[hash & 0xFFFF];
            if (unit >= size || unit < 0) {
                break;
            }
            mask.put(unit, dropped);
            droppedUnits[count++] = unit;
            unit += gaps[hash >>> 16];
            if (unit >= size || unit < 0) {
                break;
            }
            mask.put(unit, dropped);
            droppedUnits[count++] = unit;
        }
        numDropped = count;
    }
}
