package io.deepfm.comparison;

import java.util.Arrays;
import java.util.SplittableRandom;

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
        SplittableRandom random = new SplittableRandom(differences.length);
        int n = differences.length;
        double mean = Arrays.stream(differences).sum() / n;
        double[] means = new double[SAMPLES];
        int asFar = 0;
        for (int sample = 0; sample < SAMPLES; sample++) {
            double drawn = 0;
            double signed = 0;
            for (int i = 0; i < n; i++) {
                drawn += differences[random.nextInt(n)];
                signed += random.nextBoolean() ? differences[i] : -differences[i];
            }
            means[sample] = drawn / n;
            // Sums of the same numbers in another order or with other signs differ by rounding.
            if (Math.abs(signed / n) >= Math.abs(mean) - 1e-12) {
                asFar++;
            }
        }
        Arrays.sort(means);
        return new PairedDifference(
                mean,
                means[(int) (SAMPLES * ALPHA / 2)],
                means[(int) (SAMPLES * (1 - ALPHA / 2)) - 1],
                // The differences as they are count among the choices.
                (asFar + 1.0) / (SAMPLES + 1),
                n);
    }

    /** Whether chance alone hardly gives such a difference. */
    boolean isSignificant() {
        return probability < ALPHA;
    }
}
