package io.deepfm.inference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineLoadTest {

    @Test
    void moreWorkThanCoresIsWorthASetting() {
        assertThat(new MachineLoad(2.26, 2).advice().orElseThrow())
                .startsWith("the load average is 2.3 on 2 cores")
                .contains("training.num_threads");
    }

    @Test
    void coresEnoughOrNobodyKnows() {
        assertThat(new MachineLoad(2, 2).advice()).isEmpty();
        assertThat(new MachineLoad(-1, 2).advice()).isEmpty();
    }

    @Test
    void thisMachineHasCores() {
        assertThat(MachineLoad.now().cores()).isPositive();
    }
}
