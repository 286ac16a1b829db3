package io.deepfm.inference;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Optional;

/**
 * How busy the machine is with all its processes.
 *
 * @param average the processes that ran or waited for a core, averaged over the last minute; negative where the system does not say
 * @param cores how many it has
 */
public record MachineLoad(double average, int cores) {

    /**
     * The load of this moment.
     *
     * @return what the operating system says
     */
    public static MachineLoad now() {
        return new MachineLoad(
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
                Runtime.getRuntime().availableProcessors());
    }

    /**
     * What to do where there is more work than cores. The threads of one operation wait for each other, and so all of them for the
     * one that got no core.
     *
     * @return a sentence; nothing where there are cores enough
     */
    public Optional<String> advice() {
        return average <= cores
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "the load average is %.1f on %d cores: if other processes keep them busy, set training.num_threads,"
                                + " as two threads beside a busy process may be ten times slower than one",
                        average,
                        cores));
    }
}
