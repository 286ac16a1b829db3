package io.deepfm.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.storage.FullDiskException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.util.Progressable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of earlier commands on disks that fill up as soon as a log was emptied. */
class LogFileTest {

    private static final String EARLIER = "of an earlier command\n";

    @TempDir
    private java.nio.file.Path folder;

    private java.nio.file.Path log;
    private final Configuration configuration = new Configuration();

    /** This machine's. */
    static final class Disk extends LocalFileSystem {

        @Override
        public FSDataOutputStream create(
                Path path, boolean overwrite, int buffer, short replication, long block, Progressable progress)
                throws IOException {
            Files.write(pathToFile(path).toPath(), new byte[0]);
            return full();
        }
    }

    /** Another one, which may have place for a copy alone. */
    static final class Store extends RawLocalFileSystem {

        @Override
        public URI getUri() {
            return URI.create("store:///");
        }

        @Override
        public FSDataOutputStream create(
                Path path, boolean overwrite, int buffer, short replication, long block, Progressable progress)
                throws IOException {
            FSDataOutputStream file = super.create(path, overwrite, buffer, replication, block, progress);
            return getConf().getBoolean("full", false) && path.getName().equals("train.log") ? full() : file;
        }
    }

    private static FSDataOutputStream full() throws IOException {
        return new FSDataOutputStream(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("No space left on device");
                    }
                },
                null);
    }

    @BeforeEach
    void write() throws IOException {
        log = Files.writeString(folder.resolve("train.log"), EARLIER);
        configuration.setBoolean("fs.file.impl.disable.cache", true);
        configuration.setBoolean("fs.store.impl.disable.cache", true);
        configuration.set("fs.store.impl", Store.class.getName());
    }

    @Test
    void aCommandGoesOnBehindTheEarlierOnes() {
        for (String scheme : new String[] {"file", "store"}) {
            try (LogFile file = open(scheme)) {
                file.line(scheme);
            }
        }
        assertThat(log).content().isEqualToNormalizingNewlines(EARLIER + "file\nstore\n");
        assertThat(folder).isDirectoryContaining("glob:**/train.log").isDirectoryNotContaining("glob:**/.tmp-*");
    }

    @Test
    void onThisMachineALogIsNeverEmptied() {
        configuration.set("fs.file.impl", Disk.class.getName());
        try (LogFile file = open("file")) {
            file.line("more");
        }
        assertThat(log).content().isEqualToNormalizingNewlines(EARLIER + "more\n");
    }

    @Test
    void elsewhereItComesBackFromItsCopy() {
        configuration.setBoolean("full", true);
        assertThatThrownBy(() -> open("store"))
                .isInstanceOf(FullDiskException.class)
                .hasMessageContaining("train.log");
        assertThat(log).hasContent(EARLIER);
    }

    private LogFile open(String scheme) {
        return LogFile.open(new Storage(configuration), new Path(scheme + "://" + log));
    }
}
