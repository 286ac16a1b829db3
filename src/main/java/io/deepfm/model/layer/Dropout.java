package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.deepfm.config.random.Seed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * Draws which units are dropped in training.
 *
 * <p>They are drawn in Java: on a CPU the engine's own {@code bernoulli_} took a third of a training step. It also makes them
 * a function of the seed alone, on every device and after a restart. Not each unit is drawn but the way from one dropped unit
 * to the next, and the engine is told the dropped units' numbers instead of a mask, so that both cost what the dropped units
 * cost. Where each unit is dropped with probability p for itself, that way is geometric:
 *
 * <pre>P(gap = k) = p (1 - p)^(k - 1),   k = 1, 2, ...</pre>
 *
 * <p>Five gaps share a 64-bit hash of a counter (SplitMix64); each has 12 bits, by which a table of the distribution's
 * quantiles is read, which is small enough to stay in the cache beside a step's arrays.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout, 2014</a>
 */
final class Dropout {

    private static final int LEVEL_BITS = 12;
    private static final int LEVELS = 1 << LEVEL_BITS;
    private static final int GAPS = Long.SIZE / LEVEL_BITS;

    /** The longest way to the next dropped unit is then a number that an int holds. */
    private static final double LEAST_RATE = 1e-8;

    private static final int FIRST_CAPACITY = 1024;

    private final double rate;
    private final int[] gaps;
    private long seed;
    private long draws;
    private ByteBuffer memory;
    private LongBuffer units;

    /**
     * @param rate the probability that a unit is dropped; taken as 0 below 1e-8, and what is kept as a multiple of 1/4096
     */
    Dropout(double rate) {
        this.rate = rate < LEAST_RATE ? 0 : rate;
        gaps = new int[drops() ? LEVELS : 0];
        for (int level = 0; level < gaps.length; level++) {
            double above = (LEVELS - level - 0.5) / LEVELS;
            gaps[level] = rate == 1 ? 1 : 1 + (int) (Math.log(above) / Math.log1p(-rate));
        }
        reserve(FIRST_CAPACITY);
    }

    /**
     * Starts a new sequence of draws.
     *
     * @param newSeed decides all until the next call
     */
    void seed(long newSeed) {
        seed = newSeed;
        draws = 0;
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
     * Sets the units of the next draw, in place, without a gradient: that of the array stays what it was.
     *
     * @param array float32, any shape
     * @param dropped what a dropped unit is set to
     */
    void drop(NDArray array, float dropped) {
        int count = draw(Seed.of(seed, draws++), Math.toIntExact(array.size()));
        NDManager manager = array.getManager();
        ByteBuffer drawn = memory.rewind().limit(count * Long.BYTES);
        // The array is in this memory on a CPU, so it must not outlive this call.
        try (NDArray numbers = manager.create(drawn, new Shape(count), DataType.INT64)) {
            array.stopGradient().reshape(-1).set(new NDIndex("{}", numbers), manager.full(new Shape(1), dropped));
        }
    }

    /** Five gaps at a time, without a look at the end between them. */
    private int draw(long key, int size) {
        int count = 0;
        long counter = key;
        long last = -1;
        do {
            if (count + GAPS > units.capacity()) {
                grow();
            }
            counter += Seed.GOLDEN_GAMMA;
            long hash = Seed.mix(counter);
            for (int gap = 0; gap < GAPS; gap++) {
                last += gaps[(int) (hash >>> (gap * LEVEL_BITS)) & (LEVELS - 1)];
                units.put(count + gap, last);
            }
            count += GAPS;
        } while (last < size);
        while (count > 0 && units.get(count - 1) >= size) {
            count--;
        }
        return count;
    }

    private void grow() {
        LongBuffer before = units;
        reserve(2 * before.capacity());
        units.put(0, before, 0, before.capacity());
    }

    private void reserve(int capacity) {
        memory = ByteBuffer.allocateDirect(capacity * Long.BYTES).order(ByteOrder.nativeOrder());
        units = memory.asLongBuffer();
    }
}
