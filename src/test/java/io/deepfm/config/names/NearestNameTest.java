package io.deepfm.config.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {

    private static final List<String> KEYS = List.of("batch_size", "epochs", "lr", "optimizer", "num_threads");

    @ParameterizedTest
    @CsvSource({
        "batch_sise, batch_size", // one letter replaced
        "batchsize, batch_size", // one missing
        "epochss, epochs", // one too many
        "opitmizer, optimizer", // two swapped: two edits
        "l, lr",
        "epochs, epochs",
    })
    void findsTheNameWithTheFewestEdits(String typed, String nearest) {
        assertThat(NearestName.of(typed, KEYS)).isEqualTo(nearest);
    }

    @Test
    void takesTheFirstOfEquallyNearNames() {
        // Each is one replacement away from "bat".
        assertThat(NearestName.of("bat", List.of("cat", "hat", "bet"))).isEqualTo("cat");
        assertThat(NearestName.of("bat", List.of("hat", "cat", "bet"))).isEqualTo("hat");
    }

    @Test
    void anEmptyWordIsNearestToTheShortestName() {
        assertThat(NearestName.of("", KEYS)).isEqualTo("lr");
    }

    @Test
    void needsAtLeastOneName() {
        assertThatThrownBy(() -> NearestName.of("lr", List.of())).isInstanceOf(NoSuchElementException.class);
    }
}
