package io.deepfm.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Elements are their own number of candidates. */
class BatchesTest {

    @Test
    void aBatchHoldsAsMuchAsFits() {
        assertThat(batches(10, 4, 6, 3, 3, 3, 3)).containsExactly(List.of(4, 6), List.of(3, 3, 3), List.of(3));
    }

    @Test
    void whatIsTooLargeIsABatchOfItsOwn() {
        assertThat(batches(5, 2, 9, 1, 5)).containsExactly(List.of(2), List.of(9), List.of(1), List.of(5));
    }

    @Test
    void nothingGivesNoBatch() {
        assertThat(batches(5)).isEmpty();
        assertThatThrownBy(() -> new Batches<>(List.<Integer>of().iterator(), 5, n -> n).next())
                .isInstanceOf(NoSuchElementException.class);
    }

    @Test
    void noMoreIsReadThanABatchNeeds() {
        List<Integer> read = new ArrayList<>();
        Iterator<Integer> endless =
                Stream.iterate(1, n -> n + 1).peek(read::add).iterator();
        new Batches<>(endless, 100, n -> 1).next();
        assertThat(read).hasSize(100);
    }

    private static List<List<Integer>> batches(int batchSize, int... elements) {
        List<List<Integer>> batches = new ArrayList<>();
        new Batches<>(IntStream.of(elements).boxed().iterator(), batchSize, n -> n).forEachRemaining(batches::add);
        return batches;
    }
}
