package io.deepfm.training.validation;

import io.deepfm.config.random.Seed;
import java.util.Arrays;
import java.util.PriorityQueue;

/** So many users, chosen by a hash of the seed and their index alone. */
final class UserSample {

    private final long seed;
    private final long last;

    private UserSample(long seed, long last) {
        this.seed = seed;
        this.last = last;
    }

    /**
     * Chooses users.
     *
     * @param seed decides which
     * @param users their indices; one may occur again
     * @param count how many to choose; 0 for all
     * @return the sample; all where there are no more
     */
    static UserSample of(long seed, int[] users, int count) {
        int[] distinct = Arrays.stream(users).distinct().toArray();
        if (count == 0 || distinct.length <= count) {
            return new UserSample(seed, Long.MAX_VALUE);
        }
        PriorityQueue<Long> smallest = new PriorityQueue<>((a, b) -> Long.compare(b, a));
        for (int user : distinct) {
            smallest.add(Seed.of(seed, user));
            if (smallest.size() > count) {
                smallest.remove();
            }
        }
        return new UserSample(seed, smallest.element());
    }

    /** Whether a user is in the sample. */
    boolean has(int user) {
        return Seed.of(seed, user) <= last;
    }
}
