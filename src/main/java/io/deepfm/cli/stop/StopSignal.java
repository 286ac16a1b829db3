package io.deepfm.cli.stop;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * What happens on SIGTERM or ctrl-C: the command's thread is interrupted, and the JVM waits until it has cleaned up. The JVM then ends with the signal's exit code, 143 or 130.
 */
public final class StopSignal implements AutoCloseable {

    /** Hadoop runs higher ones first; Spark stops itself at 50, file systems close at 10. */
    private static final int PRIORITY = 100;

    private static final int PATIENCE_SECONDS = 30;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Runnable hook = this::stop;
    private final Thread command;
    private volatile boolean received;

    /**
     * Listens for the signal until closed.
     *
     * @param command the thread to interrupt
     */
    public StopSignal(Thread command) {
        this.command = command;
        ShutdownHookManager.get().addShutdownHook(hook, PRIORITY, PATIENCE_SECONDS + 1, TimeUnit.SECONDS);
    }

    /**
     * Whether there was one.
     *
     * @return true from then on
     */
    public boolean isReceived() {
        return received;
    }

    private void stop() {
        received = true;
        command.interrupt();
        try {
            over.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // The JVM does not want to wait any longer.
            Thread.currentThread().interrupt();
        }
    }

    /** The command is over. */
    @Override
    public void close() {
        over.countDown();
        if (!ShutdownHookManager.get().isShutdownInProgress()) {
            ShutdownHookManager.get().removeShutdownHook(hook);
        }
    }
}
