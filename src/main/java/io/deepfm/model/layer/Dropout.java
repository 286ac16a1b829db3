package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.deepfm.config.Seed;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;

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
 * <p>While a mask is in use, the next one is drawn in the background, in a memory of its own: on the main thread it took 1 of
 * 20 milliseconds of a step, in which the engine's other threads waited.
 *
 * @see <a href="https://jmlr.org/papers/v15/srivastava14a.html">Srivastava et al., Dropout, 2014</a>
 */
final class Dropout {

    private static final int LEVELS = 1 << 16;

    private final double rate;
    private long seed;
    private long masks;
    private DroppedUnits inUse;
    private DroppedUnits ahead;
    private ForkJoinTask<?> drawing;

    /**
     * @param rate the probability that a unit is dropped; taken as 0 below 1/131072
     */
    Dropout(double rate) {
        this.rate = rate < 0.5 / LEVELS ? 0 : rate;
        int[] gaps = new int[drops() ? LEVELS : 0];
        for (int level = 0; level < gaps.length; level++) {
            double above = (LEVELS - level - 0.5) / LEVELS;
            gaps[level] = rate == 1 ? 1 : 1 + (int) (Math.log(above) / Math.log1p(-rate));
        }
        inUse = new DroppedUnits(gaps);
        ahead = new DroppedUnits(gaps);
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
     * Drops units by the next mask: sets them in place, of which the engine's gradient does not know. The mask's memory is used
     * again by the next call.
     *
     * @param units float32, any shape
     * @param dropped what a dropped unit is set to
     */
    void drop(NDArray units, float dropped) {
        int size = Math.toIntExact(units.size());
        awaitAhead();
        DroppedUnits mask = ahead;
        // After a new seed, or for a smaller batch, it is another than the one drawn ahead.
        mask.draw(Seed.of(seed, masks++), size);
        DroppedUnits free = inUse;
        long next = Seed.of(seed, masks);
        drawing = ForkJoinPool.commonPool().submit(() -> free.draw(next, size));
        inUse = mask;
        ahead = free;
        NDManager manager = units.getManager();
        try (NDArray rows = mask.array(manager)) {
            units.stopGradient().reshape(-1).set(new NDIndex("{}", rows), manager.full(new Shape(1), dropped));
        }
    }

    /** Waits until the next mask is drawn, if one is being drawn. */
    void awaitAhead() {
        if (drawing != null) {
            drawing.join();
        }
    }
}
