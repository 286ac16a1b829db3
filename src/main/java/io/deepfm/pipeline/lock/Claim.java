package io.deepfm.pipeline.lock;

import io.deepfm.storage.FileSystemCall;
import io.deepfm.storage.Storage;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;

/**
 * A file by which a process says that it is at work, on any Hadoop file system. Its name is nobody else's and never used
 * again, so whoever knows that the process is dead may delete it. As long as the process lives the content changes every
 * few seconds: not all file systems keep the time of a file, nor do machines agree on what time it is.
 */
public final class Claim implements AutoCloseable {

    private static final Duration BEAT = Duration.ofSeconds(10);

    private final Storage storage;
    private final Path file;
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "sign-of-life");
        thread.setDaemon(true);
        return thread;
    });
    private Holder holder;

    /**
     * Writes the file.
     *
     * @param storage the file systems
     * @param file its name, which must be new
     * @param holder who is at work
     */
    public Claim(Storage storage, Path file, Holder holder) {
        this.storage = storage;
        this.file = file;
        this.holder = holder;
        try {
            writeInPlace();
        } catch (RuntimeException e) {
            // The disk is full: an empty file would say that someone is just beginning.
            storage.delete(file);
            throw e;
        }
        beats.scheduleWithFixedDelay(this::beat, BEAT.toSeconds(), BEAT.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Where it is.
     *
     * @return what the constructor got
     */
    public Path file() {
        return file;
    }

    /** Lets others know that this process has the lock that it claims. */
    synchronized void hold() {
        holder = holder.holding();
        write();
    }

    /**
     * Lets others know something of this process.
     *
     * @param name what it is about
     * @param value what there is to know
     */
    public synchronized void note(String name, String value) {
        if (!value.equals(holder.notes().get(name))) {
            holder = holder.noting(name, value);
            write();
        }
    }

    /** Whether somebody has deleted the file, as this process gave no sign of life for long. */
    boolean isLost() {
        return !storage.exists(file);
    }

    /** Deletes the file. */
    @Override
    public synchronized void close() {
        beats.shutdownNow();
        storage.delete(file);
    }

    private synchronized void beat() {
        try {
            // What others have deleted must not come back.
            if (!beats.isShutdown() && !isLost()) {
                holder = holder.beating();
                write();
            }
        } catch (RuntimeException e) {
            // A file system that is away or full for a moment; the next sign of life may reach it again.
            Thread.yield();
        }
    }

    /** At no moment without the file, which others would take for the end. */
    private void write() {
        if (storage.isLocal(file)) {
            byte[] content = holder.toJson();
            storage.write(file, out -> out.write(content));
        } else {
            writeInPlace();
        }
    }

    private void writeInPlace() {
        FileSystemCall<Void> write = fs -> {
            try (OutputStream out = fs.create(file, true)) {
                out.write(holder.toJson());
            }
            return null;
        };
        write.run(storage.configuration(), file, "write");
    }
}
