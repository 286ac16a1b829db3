package io.deepfm.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CancellationException;

/**
 * What some work took.
 *
 * @param rows how many rows it went through
 * @param seconds by the clock
 * @param cpuSeconds of all cores, by the whole process
 */
record Measurement(long rows, double seconds, double cpuSeconds) {

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /**
     * Measures whole pieces of work, at least one.
     *
     * @param work what is measured
     * @param seconds after which no further piece begins
     * @return what they took
     * @throws CancellationException if the thread is interrupted
     */
    static Measurement of(Work work, double seconds) {
        long rows = 0;
        long cpu = PROCESS.getProcessCpuTime();
        long start = System.nanoTime();
        do {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("The benchmark was interrupted");
            }
            rows += work.next();
        } while ((System.nanoTime() - start) / 1e9 < seconds);
        work.await();
        return new Measurement(rows, (System.nanoTime() - start) / 1e9, (PROCESS.getProcessCpuTime() - cpu) / 1e9);
    }
}
