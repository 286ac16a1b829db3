package io.deepfm.cli.stop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StoppedTest {

    @Test
    void theSameCommandGoesOn() {
        List<String> typed = List.of("pipeline", "--config", "conf/my shop's.conf", "--override", "seed=7");
        assertThat(new Stopped(List.of("encode", "training up to epoch 3"), typed, "", "").lines())
                .containsExactly(
                        "Stopped. Kept: encode, training up to epoch 3.",
                        "To go on: scripts/deepfm pipeline --config 'conf/my shop'\\''s.conf' --override seed=7");
    }

    /** With --force all would be done again, and without --resume training would begin anew. */
    @Test
    void whatWouldBeginAnewIsLeftOut() {
        List<String> typed = List.of("train", "--force", "--config", "my.conf");
        assertThat(new Stopped(List.of("encode"), typed, "--driver-memory 8g ", "--resume").lines())
                .last()
                .isEqualTo("To go on: scripts/deepfm train --config my.conf --resume --driver-memory 8g");
        List<String> resumed = List.of("train", "--resume", "--config", "my.conf");
        assertThat(new Stopped(List.of("encode"), resumed, "", "--resume").lines())
                .last()
                .isEqualTo("To go on: scripts/deepfm train --resume --config my.conf");
    }

    /** There --force says that an earlier output is replaced. */
    @Test
    void whereNothingIsKeptForceStays() {
        assertThat(new Stopped(List.of(), List.of("predict", "--output", "old", "--force"), "", "").lines())
                .last()
                .isEqualTo("To go on: scripts/deepfm predict --output old --force");
    }

    @Test
    void nothingIsKeptOfACommandThatHasNotComeFar() {
        assertThat(new Stopped(List.of(), List.of("describe", "--config", "my.conf"), "", "").lines())
                .first()
                .isEqualTo("Stopped. There was nothing yet that could be kept.");
    }
}
