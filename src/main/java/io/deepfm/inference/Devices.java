package io.deepfm.inference;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deepfm.config.ConfigException;
import io.deepfm.config.DeviceChoice;
import java.util.function.Consumer;

/** Chooses where a model runs. */
public final class Devices {

    /**
     * A device and why it was chosen.
     *
     * @param device the device
     * @param reason a sentence for the log
     */
    public record Choice(Device device, String reason) {}

    private static final Device MPS = Device.of("mps", 0);

    private Devices() {}

    /**
     * Chooses a device.
     *
     * @param wanted {@code auto} takes MPS where a small operation succeeds on it, and else the CPU
     * @return the device and why
     * @throws ConfigException if MPS was asked for by name and does not work
     */
    public static Choice choose(DeviceChoice wanted) {
        return choose(wanted, System.getProperty("os.name"), Devices::tryOut);
    }

    /** The seam for tests: the operating system, and {@code trial}, which throws if the device does not work. */
    static Choice choose(DeviceChoice wanted, String system, Consumer<Device> trial) {
        if (wanted == DeviceChoice.CPU) {
            return new Choice(Device.cpu(), "CPU (device = cpu)");
        }
        try {
            if (!system.startsWith("Mac")) {
                // libtorch's own message about it fills a screen.
                throw new UnsupportedOperationException("MPS requires macOS");
            }
            trial.accept(MPS);
            return new Choice(MPS, "MPS (a test operation succeeded)");
        } catch (RuntimeException | LinkageError e) {
            String why = e.getMessage() == null
                    ? e.getClass().getSimpleName()
                    : e.getMessage().lines().findFirst().orElse("");
            if (wanted == DeviceChoice.MPS) {
                throw new ConfigException(
                        "device = mps: MPS is not available on this machine (" + why + "). Use device = auto or cpu.");
            }
            return new Choice(Device.cpu(), "CPU (MPS is not available on this machine)");
        }
    }

    private static void tryOut(Device device) {
        try (NDManager manager = Engine.getInstance().newBaseManager(device)) {
            NDArray one = manager.ones(new ai.djl.ndarray.types.Shape(2, 2));
            if (one.matMul(one).sum().getFloat() != 8f) {
                throw new IllegalStateException("a small matrix product gave a wrong result");
            }
        }
    }
}
