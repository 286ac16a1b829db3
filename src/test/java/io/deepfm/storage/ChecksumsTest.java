package io.deepfm.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumsTest {

    // SHA-256 of "abc": FIPS 180-2, appendix B.1.
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    private Path folder;

    private final Storage storage = new Storage(new Configuration());

    @BeforeEach
    void write() throws IOException {
        Files.writeString(folder.resolve("model.json"), "abc");
        Files.writeString(Files.createDirectory(folder.resolve("users")).resolve("part-0"), "abc");
        Files.writeString(folder.resolve("users/_SUCCESS"), "");
        Checksums.write(storage, hadoop());
    }

    @Test
    void digestsAreInTheFormOfSha256sum() {
        assertThat(folder.resolve("SHA256SUMS")).hasContent(ABC + "  model.json\n" + ABC + "  users/part-0\n");
        assertThat(Checksums.readString(storage, hadoop(), "model.json")).isEqualTo("abc");
        assertThatCode(() -> Checksums.verify(storage, hadoop())).doesNotThrowAnyException();
    }

    @Test
    void whatIsNotAsItWasWrittenIsRefused() throws IOException {
        Files.writeString(folder.resolve("users/part-0"), "abd");
        refused("users/part-0 is damaged");
        Files.delete(folder.resolve("users/part-0"));
        refused("There is no file", "users/part-0");
        Files.writeString(folder.resolve("users/part-0"), "abc");
        Files.writeString(folder.resolve("users/part-1"), "abc");
        refused("users/part-1 is not one of the files");
        Files.writeString(folder.resolve("model.json"), "abd");
        assertThatThrownBy(() -> Checksums.read(storage, hadoop(), "model.json"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("model.json is damaged", "delete", "SHA256SUMS");
        Files.writeString(folder.resolve("SHA256SUMS"), "nothing");
        refused("SHA256SUMS is damaged");
    }

    @Test
    void withoutDigestsNothingIsCompared() throws IOException {
        Files.delete(folder.resolve("SHA256SUMS"));
        Files.writeString(folder.resolve("model.json"), "abd");
        assertThat(Checksums.readString(storage, hadoop(), "model.json")).isEqualTo("abd");
        assertThatCode(() -> Checksums.verify(storage, hadoop())).doesNotThrowAnyException();
    }

    private void refused(String... message) {
        assertThatThrownBy(() -> Checksums.verify(storage, hadoop()))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(message);
    }

    private org.apache.hadoop.fs.Path hadoop() {
        return new org.apache.hadoop.fs.Path(folder.toUri());
    }
}
