package io.deepfm.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;

/**
 * The output of one pipeline over the {@link RawFiles}, made once for all tests, which work on copies.
 *
 * @param folder holds {@code run/} and {@code work/}
 * @param pipeline what the pipeline said
 */
record FinishedRun(Path folder, CommandRun pipeline) {

    private static FinishedRun made;

    static synchronized FinishedRun get() {
        if (made == null) {
            made = make();
        }
        return made;
    }

    /**
     * Writes the dataset and copies the run.
     *
     * @param to where
     * @return the configuration
     */
    Path copy(Path to) throws IOException {
        for (String part : new String[] {"run", "work"}) {
            FileUtils.copyDirectory(
                    folder.resolve(part).toFile(), to.resolve(part).toFile());
        }
        return RawFiles.write(to);
    }

    private static FinishedRun make() {
        try {
            Path folder = Files.createTempDirectory("deepfm-test");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(folder.toFile())));
            Path config = RawFiles.write(folder);
            return new FinishedRun(
                    folder, CommandRun.of("pipeline", "--config", config.toString(), "--master", "local[1]"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
