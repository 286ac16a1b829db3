package io.deepfm;

import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk of a fixed size in memory, which only the superuser of a Linux machine can make: elsewhere the test is skipped.
 *
 * @param path where it is mounted, until closed
 */
public record SmallDisk(Path path) implements AutoCloseable {

    /** Mounts one on a new folder; the size is such as {@code 256k}. */
    public static SmallDisk mount(Path path, String size) throws IOException {
        Files.createDirectory(path);
        assumeThat(run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", path.toString()))
                .as("mounting a tmpfs")
                .isZero();
        return new SmallDisk(path);
    }

    /** Unmounts it, whatever still has a file open there. */
    @Override
    public void close() throws IOException {
        if (run("umount", "--lazy", path.toString()) != 0) {
            throw new IOException("Cannot unmount " + path);
        }
    }

    private static int run(String... command) {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // There is no such program here.
            return -1;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
