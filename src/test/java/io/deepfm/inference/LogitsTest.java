package io.deepfm.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LogitsTest {

    @Test
    void oneHeadRanksByItsLogit() {
        Logits logits = Logits.of(new float[] {2, -1}, 1, 3);
        assertThat(logits.ranking()).containsExactly(2, -1);
        assertThat(logits.like()).containsExactly(2, -1);
        assertThat(logits.probability(0)).isCloseTo(1 / (1 + Math.exp(-2)), within(1e-12));
    }

    @Test
    void twoHeadsRankByInteractingAndTheLogOfTheProbabilityOfLiking() {
        Logits logits = Logits.of(new float[] {2, 0, -1, 100, 0.5f, -200}, 2, 3);
        assertThat(logits.interact()).containsExactly(2, -1, 0.5f);
        assertThat(logits.like()).containsExactly(0, 100, -200);
        // log(1/2), log(1), and of what can hardly be liked its logit: nothing overflows.
        assertThat(logits.ranking())
                .containsExactly(new float[] {(float) (2 + 3 * Math.log(0.5)), -1, 0.5f - 600}, within(1e-4f));
        assertThat(logits.probability(0)).isCloseTo(0.5 / (1 + Math.exp(-2)), within(1e-7));
    }
}
