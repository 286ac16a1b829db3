package io.deepfm.comparison;

import io.deepfm.config.random.Seed;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * How much better one setup is than another, user by user.
 *
 * <p>The interval is a bootstrap's over users: of 10,000 samples of as many users, drawn with replacement, the mean differences
 * between the 2.5 % and the 97.5 % quantile. The probability is a randomization test's: the share of 10,000 random
 * choices of signs whose mean is at least as far from 0 (Smucker, Allan and Carterette, A Comparison of Statistical
 * Significance Tests for Information Retrieval Evaluation, 2007). Both are about users and these very runs: how runs with
 * other seeds would differ is not in them.
 *
 * @param mean the mean difference
 * @param low the interval's lower end
 * @param high its upper end
 * @param probability how probable a difference as large is where there is none
 * @param users how many there are
 */
record PairedDifference(double mean, double low, double high, double probability, int users) {

    private static final int SAMPLES = 10_000;
    private static final double ALPHA = 0.05;

    /**
     * Tests differences.
     *
     * @param differences one for each user
     * @return the same for the same differences
     */
    static PairedDifference of(double[] differences) {
        int n = differences.length;
        double mean = Arrays.stream(differences).sum() / n;
        Sample[] samples = IntStream.range(0, SAMPLES)
                .parallel()
                .mapToObj(number -> Sample.of(differences, new SplittableRandom(Seed.of(n, number))))
                .toArray(Sample[]::new);
        double[] means =
                Arrays.stream(samples).mapToDouble(Sample::drawn).sorted().toArray();
        // Sums of the same numbers in another order or with other signs differ by rounding.
        long asFar = Arrays.stream(samples)
                .filter(sample -> Math.abs(sample.signed()) >= Math.abs(mean) - 1e-12)
                .count();
        return new PairedDifference(
                mean,
                means[(int) (SAMPLES * ALPHA / 2)],
                means[(int) (SAMPLES * (1 - ALPHA / 2)) - 1],
                // The differences as they are count among the choices.
                (asFar + 1.0) / (SAMPLES + 1),
                n);
    }

    /** The mean of as many differences, drawn with replacement, and that of all, with signs by chance. */
    private record Sample(double drawn, double signed) {

        static Sample of(double[] differences, SplittableRandom random) {
            int n = differences.length;
            double drawn = 0;
            double signed = 0;
            for (double difference : differences) {
                drawn += differences[random.nextInt(n)];
                signed += random.nextBoolean() ? difference : -difference;
            }
            return new Sample(drawn / n, signed / n);
        }
    }

    /** Whether chance alone hardly gives such a difference. */
    boolean isSignificant() {
        return probability < ALPHA;
    }
}
