package io.deepfm.config.random;

/** Derives independent random streams from a run's one seed, so that each choice depends on what it is for alone. */
public final class Seed {

    /** What SplitMix64 counts by. */
    public static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

    private Seed() {}

    /**
     * Mixes numbers into one, each bit of which depends on all of them and on their order.
     *
     * @param parts such as seed, epoch and row
     * @return a well-mixed number, to seed a generator with
     */
    public static long of(long... parts) {
        long mixed = 0;
        for (long part : parts) {
            mixed = mix(mixed + GOLDEN_GAMMA + mix(part + GOLDEN_GAMMA));
        }
        return mixed;
    }

    /**
     * The finalizer of SplitMix64 (Steele, Lea and Flood, Fast splittable pseudorandom number generators, 2014).
     *
     * @param z a number, such as the next multiple of {@link #GOLDEN_GAMMA}
     * @return another, each bit of which depends on all of it
     */
    public static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
