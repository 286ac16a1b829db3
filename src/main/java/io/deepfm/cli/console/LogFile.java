package io.deepfm.cli.console;

import io.deepfm.storage.FullDiskException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.Syncable;

/** A log that goes on behind the lines of earlier commands; these are kept if it cannot be written. */
final class LogFile implements AutoCloseable {

    private final String name;
    private final OutputStream out;

    private LogFile(String name, OutputStream out) {
        this.name = name;
        this.out = out;
    }

    /** Where a command leaves none. */
    static LogFile none() {
        return new LogFile("", OutputStream.nullOutputStream());
    }

    /**
     * Opens a log, and begins it where there is none.
     *
     * @param storage the file systems
     * @param file any Hadoop path, in a folder that exists
     * @return to be closed
     * @throws FullDiskException if earlier lines have no place
     */
    static LogFile open(Storage storage, Path file) {
        if (storage.isLocal(file)) {
            return append(storage.qualified(file));
        }
        return storage.exists(file) ? rewrite(storage, file) : new LogFile(file.toString(), storage.create(file));
    }

    private static LogFile append(Path file) {
        try {
            java.nio.file.Path local = java.nio.file.Path.of(file.toUri().getPath());
            return new LogFile(
                    file.toString(),
                    Files.newOutputStream(local, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw failed(file.toString(), e);
        }
    }

    /** Object stores cannot append, and HDFS does so only a minute after a command that was killed. */
    private static LogFile rewrite(Storage storage, Path file) {
        byte[] earlier = storage.readBytes(file);
        Path copy = Storage.temporary(file);
        storage.write(copy, out -> out.write(earlier));
        try {
            LogFile log = new LogFile(file.toString(), storage.create(file));
            log.write(earlier);
            storage.delete(copy);
            return log;
        } catch (RuntimeException e) {
            storage.move(copy, file);
            throw e;
        }
    }

    void line(String line) {
        write((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
    }

    private void write(byte[] bytes) {
        try {
            out.write(bytes);
            out.flush();
            if (out instanceof Syncable syncable) {
                // On HDFS nobody else could read it before the end, and a killed command would leave nothing.
                syncable.hflush();
            }
        } catch (IOException | FSError e) {
            throw failed(name, e);
        }
    }

    private static RuntimeException failed(String name, Throwable e) {
        return FullDiskException.isCauseOf(e)
                ? new FullDiskException(name, e)
                : new IllegalStateException("Cannot write " + name + ": " + e.getMessage(), e);
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException | FSError e) {
            throw failed(name, e);
        }
    }
}
