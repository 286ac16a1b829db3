package io.deepfm.cli.failure;

import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What happens when the heap is full on a thread that is not the command's: without one of Spark's threads the command
 * might wait for ever, so it is interrupted, and where it does not end by itself the JVM is ended.
 */
public final class HeapWatch implements Thread.UncaughtExceptionHandler, AutoCloseable {

    private static final int PATIENCE_SECONDS = 30;

    private final Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    private final CountDownLatch full = new CountDownLatch(1);
    private final Thread command;
    private final int exitCode;
    private final PrintStream err = System.err;
    private final Thread watcher;
    private volatile OutOfMemoryError error;

    /**
     * Watches until closed.
     *
     * @param command the command's thread
     * @param exitCode with which the JVM ends where the command does not
     */
    public HeapWatch(Thread command, int exitCode) {
        this.command = command;
        this.exitCode = exitCode;
        // Made now, as there may be no memory for it then.
        this.watcher = new Thread(this::watch, "heap-watch");
        watcher.setDaemon(true);
        watcher.start();
        Thread.setDefaultUncaughtExceptionHandler(this);
    }

    /**
     * The first error on another thread.
     *
     * @return null where there was none
     */
    public OutOfMemoryError error() {
        return error;
    }

    @Override
    public void uncaughtException(Thread thread, Throwable e) {
        if (e instanceof OutOfMemoryError outOfMemory) {
            error = error == null ? outOfMemory : error;
            full.countDown();
        } else if (before != null) {
            before.uncaughtException(thread, e);
        } else {
            err.println("Exception in thread " + thread.getName());
            e.printStackTrace(err);
        }
    }

    private void watch() {
        try {
            full.await();
            command.interrupt();
            TimeUnit.SECONDS.sleep(PATIENCE_SECONDS);
        } catch (InterruptedException e) {
            // The command is over.
            return;
        }
        try {
            err.println("error: " + FullMemory.of(error).getMessage());
        } finally {
            // There may still be no memory for the message.
            Runtime.getRuntime().halt(exitCode);
        }
    }

    /** The command is over. */
    @Override
    public void close() {
        Thread.setDefaultUncaughtExceptionHandler(before);
        watcher.interrupt();
    }
}
