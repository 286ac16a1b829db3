package io.deepfm.training.validation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A sample has so many users, the same ones whatever stands beside them. */
class UserSampleTest {

    private static final int[] USERS = IntStream.range(0, 1000).toArray();

    @Test
    void soManyUsersAreChosen() {
        for (int count : new int[] {1, 10, 999}) {
            assertThat(chosen(UserSample.of(1, USERS, count))).hasSize(count);
        }
    }

    @Test
    void zeroIsAllAndSoAreMoreThanThereAre() {
        assertThat(chosen(UserSample.of(1, USERS, 0))).isEqualTo(USERS);
        assertThat(chosen(UserSample.of(1, USERS, 1000))).isEqualTo(USERS);
        assertThat(chosen(UserSample.of(1, USERS, 5000))).isEqualTo(USERS);
    }

    @Test
    void neitherOrderNorRepeatedUsersMatter() {
        int[] twice = IntStream.range(0, 2000).map(i -> (1999 - i) / 2).toArray();
        assertThat(chosen(UserSample.of(7, twice, 25))).isEqualTo(chosen(UserSample.of(7, USERS, 25)));
    }

    @Test
    void aLargerSampleHoldsASmallerOneAndTheSeedDecides() {
        int[] small = chosen(UserSample.of(7, USERS, 25));
        assertThat(chosen(UserSample.of(7, USERS, 100))).contains(small);
        assertThat(chosen(UserSample.of(8, USERS, 25))).isNotEqualTo(small);
        assertThat(small).isNotEqualTo(IntStream.range(0, 25).toArray());
    }

    private static int[] chosen(UserSample sample) {
        return IntStream.of(USERS).filter(sample::has).toArray();
    }
}
