package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
    private DropoutMask inUse;
    private DropoutMask ahead;
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
        inUse = new DropoutMask(gaps);
        ahead = new DropoutMask(gaps);
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
        int size = Math.toIntExact(shape.size());
        awaitAhead();
        DropoutMask mask = ahead;
        // After a new seed, or for a smaller batch, it is another than the one drawn ahead.
        mask.draw(new DropoutMask.Draw(Seed.of(seed, masks++), size, kept, dropped));
        DropoutMask free = inUse;
        DropoutMask.Draw next = new DropoutMask.Draw(Seed.of(seed, masks), size, kept, dropped);
        drawing = ForkJoinPool.commonPool().submit(() -> free.draw(next));
        inUse = mask;
        ahead = free;
        return mask.array(manager, shape);
    }

    /** Waits until the next mask is drawn, if one is being drawn. */
    void awaitAhead() {
        if (drawing != null) {
            drawing.join();
        }
    }
}
