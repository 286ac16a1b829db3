package io.deepfm.pipeline.lock;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.storage.Storage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScratchTest {

    private static final long NO_PROCESS = 2147483646;

    @TempDir
    private Path folder;

    private final Storage storage = new Storage(new Configuration());

    @Test
    void whoeverWritesIntoTheFolderLeavesIt() {
        try (Scratch scratch = scratch()) {
            storage.write(scratch.path(), "rows");
            storage.clean(new org.apache.hadoop.fs.Path(folder.toString()));
            try (Scratch other = scratch()) {
                assertThat(other.path()).isNotEqualTo(scratch.path());
                assertThat(storage.readString(scratch.path())).isEqualTo("rows");
            }
            assertThat(storage.exists(scratch.path())).isTrue();
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whatAKilledProcessLeftIsDeleted() {
        String dead = new String(Holder.self("predict").toJson(), StandardCharsets.UTF_8)
                .replaceAll("\"pid\":\\d+", "\"pid\":" + NO_PROCESS);
        storage.write(place(".scratch-1234/.lock.1"), dead);
        storage.write(place(".scratch-1234/output/part"), "rows");
        scratch().close();
        assertThat(folder).isEmptyDirectory();
    }

    private Scratch scratch() {
        return Scratch.beside(storage, place("predictions"), "predict");
    }

    private org.apache.hadoop.fs.Path place(String name) {
        return new org.apache.hadoop.fs.Path(folder.toString(), name);
    }
}
