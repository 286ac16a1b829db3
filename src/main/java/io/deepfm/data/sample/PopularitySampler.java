package io.deepfm.data.sample;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Draws items one after the other, each time an unseen one that was not drawn before, with a chance in proportion to its weight
 * (with weights of popularity to the power of 0.75 as in Mikolov et al., Distributed representations of words and phrases, NIPS
 * 2013); a function of the key alone.
 *
 * <p>A draw is from all items, by binary search in the sums of the weights, and counts if the item is allowed. Where a user has
 * seen nearly all that is popular, the rest is drawn by exponential keys instead (Efraimidis and Spirakis, Weighted random sampling
 * with a reservoir, 2006), whose smallest are distributed as successive draws are: each item's is -log(u) / weight.
 */
final class PopularitySampler implements ItemSampler {

    private static final long serialVersionUID = 1L;

    /** So many draws for each item that is wanted, before the whole catalogue is gone through. */
    private static final int TRIES = 16;

    private final double[] weights;
    private final double[] sums;

    /**
     * @param weights one per item, above 0
     */
    PopularitySampler(double[] weights) {
        this.weights = weights.clone();
        this.sums = weights.clone();
        // One after the other, so that the sums are the same on all machines.
        for (int i = 1; i < sums.length; i++) {
            sums[i] += sums[i - 1];
        }
    }

    @Override
    public int[] sample(int[] seen, int count, long key) {
        int unseen = weights.length - seen.length;
        if (count >= unseen) {
            return NegativeSampler.unseenItems(seen, weights.length);
        }
        SplittableRandom random = new SplittableRandom(key);
        int[] drawn = new int[count];
        int size = 0;
        NumberSet known = new NumberSet(count);
        for (long tries = (long) TRIES * count; size < count && tries > 0; tries--) {
            int item = item(random.nextDouble() * sums[sums.length - 1]);
            if (Arrays.binarySearch(seen, item) < 0 && known.add(item)) {
                drawn[size++] = item;
            }
        }
        if (size < count) {
            fill(drawn, size, seen, random);
        }
        Arrays.sort(drawn);
        return drawn;
    }

    /** The item whose part of all weights, laid side by side, a number falls into. */
    private int item(double number) {
        int place = Arrays.binarySearch(sums, number);
        // A number that is the sum up to an item begins the next one's part.
        return Math.min(place < 0 ? -place - 1 : place + 1, sums.length - 1);
    }

    private void fill(int[] drawn, int size, int[] seen, SplittableRandom random) {
        int[] before = Arrays.copyOf(drawn, size);
        Arrays.sort(before);
        int[] left = IntStream.of(NegativeSampler.unseenItems(seen, weights.length))
                .filter(item -> Arrays.binarySearch(before, item) < 0)
                .toArray();
        double[] keys = new double[left.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = -StrictMath.log(1 - random.nextDouble()) / weights[left[i]];
        }
        int[] first = IntStream.range(0, left.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> keys[i]))
                .limit(drawn.length - size)
                .mapToInt(i -> left[i])
                .toArray();
        System.arraycopy(first, 0, drawn, size, first.length);
    }
}
