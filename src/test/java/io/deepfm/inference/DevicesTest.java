package io.deepfm.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import io.deepfm.config.ConfigException;
import io.deepfm.config.DeviceChoice;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DevicesTest {

    private static final String MAC = "Mac OS X";
    private static final Consumer<Device> WORKS = device -> {};
    private static final Consumer<Device> THROWS = device -> {
        throw new IllegalStateException("PyTorch is not linked with support for mps devices\nsecond line");
    };
    private static final Consumer<Device> LACKS_A_METHOD = device -> {
        throw new UnsatisfiedLinkError("torchMps");
    };

    @ParameterizedTest
    @EnumSource(names = {"AUTO", "MPS"})
    void mpsIsTakenWhereItWorks(DeviceChoice wanted) {
        Devices.Choice choice = Devices.choose(wanted, MAC, WORKS);
        assertThat(choice.device().getDeviceType()).isEqualTo("mps");
        assertThat(choice.reason()).contains("MPS");
    }

    @Test
    void autoFallsBackToTheCpuWhereTheFirstOperationThrows() {
        for (Consumer<Device> trial : List.of(THROWS, LACKS_A_METHOD)) {
            Devices.Choice choice = Devices.choose(DeviceChoice.AUTO, MAC, trial);
            assertThat(choice.device().getDeviceType()).isEqualTo("cpu");
            assertThat(choice.reason()).contains("CPU", "MPS is not available");
        }
    }

    @Test
    void mpsByNameIsRefusedWithTheReasonWhereItDoesNotWork() {
        assertThatThrownBy(() -> Devices.choose(DeviceChoice.MPS, MAC, THROWS))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("device = mps", "not linked with support", "device = auto")
                .hasMessageNotContaining("second line");
    }

    @Test
    void cpuByNameTriesNothing() {
        Devices.Choice choice = Devices.choose(DeviceChoice.CPU, MAC, THROWS);
        assertThat(choice.device().getDeviceType()).isEqualTo("cpu");
        assertThat(choice.reason()).contains("device = cpu");
    }

    @Test
    void onLinuxMpsIsNotEvenTried() {
        assertThat(Devices.choose(DeviceChoice.AUTO, "Linux", WORKS).device().getDeviceType())
                .isEqualTo("cpu");
        assertThatThrownBy(() -> Devices.choose(DeviceChoice.MPS, "Linux", WORKS))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("MPS requires macOS");
    }

    @Test
    void someDeviceWorksHere() {
        assertThat(Devices.choose(DeviceChoice.AUTO).device().getDeviceType()).isIn("cpu", "mps");
    }
}
