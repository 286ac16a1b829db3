package io.deepfm.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StorageTest {

    @TempDir
    private java.nio.file.Path folder;

    private final Storage storage = new Storage(new Configuration());
    private Path root;

    @BeforeEach
    void root() {
        root = new Path(folder.toUri());
    }

    @Test
    void whatIsWrittenReadsBack() {
        storage.write(path("a/b/text"), "première ligne\n");
        assertThat(storage.readString(path("a/b/text"))).isEqualTo("première ligne\n");
        storage.write(path("bytes"), out -> out.write(new byte[] {0, -1, 7}));
        assertThat(storage.readBytes(path("bytes"))).containsExactly(0, -1, 7);
        assertThat(storage.length(path("bytes"))).isEqualTo(3);
        assertThat(storage.exists(path("bytes"))).isTrue();
        assertThat(storage.exists(path("other"))).isFalse();
    }

    @Test
    void pathsWithoutSchemeAreLocal() {
        storage.write(new Path(folder.resolve("plain").toString()), "x");
        assertThat(folder.resolve("plain")).hasContent("x");
    }

    @Test
    void onlyLocalPathsAreDisplayedWithoutScheme() {
        assertThat(Storage.display(storage.qualified(new Path("/out/top 10.csv"))))
                .isEqualTo("/out/top 10.csv");
        assertThat(Storage.display(new Path("out"))).isEqualTo("out");
        assertThat(Storage.display(new Path("s3a://bucket/out/top10.csv"))).isEqualTo("s3a://bucket/out/top10.csv");
    }

    @Test
    void writingReplacesTheFileAndLeavesNothingElse() throws IOException {
        storage.write(path("text"), "a long first version");
        storage.write(path("text"), "second");
        assertThat(storage.readString(path("text"))).isEqualTo("second");
        assertThat(names()).as("no temporary file, no checksum file").containsExactly("text");
    }

    @Test
    void aStreamWritesAndReads() throws IOException {
        try (OutputStream out = storage.create(path("logs/train.log"))) {
            out.write(65);
        }
        try (InputStream in = storage.open(path("logs/train.log"))) {
            assertThat(in.readAllBytes()).containsExactly(65);
        }
    }

    @Test
    void readingWhatIsNotThereNamesThePath() {
        assertThatThrownBy(() -> storage.readBytes(path("missing")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(path("missing").toString());
        assertThatThrownBy(() -> storage.open(path("missing")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(path("missing").toString());
    }

    @Test
    void writingBelowAFileNamesThePath() {
        storage.write(path("file"), "x");
        Path below = path("file/run/results.json");
        assertThatThrownBy(() -> storage.write(below, "y")).hasMessageContaining(below.toString());
        assertThat(storage.readString(path("file"))).isEqualTo("x");
    }

    @Test
    void movingReplacesAFolderAndMakesTheFoldersAbove() {
        storage.write(path("from/new"), "1");
        storage.write(path("there/to/old"), "2");
        storage.move(path("from"), path("there/to"));
        assertThat(storage.readString(path("there/to/new"))).isEqualTo("1");
        assertThat(storage.exists(path("there/to/old"))).isFalse();
        assertThat(storage.exists(path("from"))).isFalse();
        storage.move(path("there/to"), path("x/y/z"));
        assertThat(storage.exists(path("x/y/z/new"))).isTrue();
    }

    @Test
    void movingWhatIsNotThereKeepsWhatBearsTheNewName() {
        storage.write(path("to/old"), "2");
        assertThatThrownBy(() -> storage.move(path("missing"), path("to")))
                .hasMessageContaining(path("missing").toString());
        assertThat(storage.readString(path("to/old"))).isEqualTo("2");
    }

    @Test
    void copyingReplacesAFolderAndKeepsTheOriginal() {
        storage.write(path("from/sub/new"), "1");
        storage.write(path("to/old"), "2");
        storage.copy(path("from"), path("to"));
        assertThat(storage.readString(path("to/sub/new"))).isEqualTo("1");
        assertThat(storage.exists(path("to/old"))).isFalse();
        assertThat(storage.readString(path("from/sub/new"))).isEqualTo("1");
    }

    @Test
    void deletingTakesAFolderWithAllInItAndMindsNotIfThereIsNone() {
        storage.write(path("a/b/c"), "1");
        storage.delete(path("a"));
        storage.delete(path("a"));
        assertThat(storage.exists(path("a"))).isFalse();
    }

    @Test
    void makingAFolderWritableMakesItAndLeavesItEmpty() {
        storage.makeWritable(path("runs/1"));
        assertThat(folder.resolve("runs/1")).isEmptyDirectory();
        storage.write(path("runs/1/x"), "1");
        storage.makeWritable(path("runs/1"));
        assertThat(storage.list(path("runs/1"))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "file/run"})
    void aFolderThatCannotBeMadeIsNamed(String place) {
        storage.write(path("file"), "x");
        assertThatThrownBy(() -> storage.makeWritable(path(place)))
                .isInstanceOfAny(DataException.class, UncheckedIOException.class)
                .hasMessageContaining(path(place).toString());
    }

    @Test
    void entriesAreListedByName() {
        for (String name : List.of("c", "a", "b/deeper")) {
            storage.write(path("list/" + name), "");
        }
        assertThat(storage.list(path("list")))
                .extracting(entry -> entry.getPath().getName())
                .containsExactly("a", "b", "c");
        assertThat(storage.list(path("missing"))).isEmpty();
    }

    @Test
    void dataFilesAreFoundAtAnyDepthInTheOrderOfTheirPathsWithoutHiddenOnes() {
        for (String name : List.of(
                "p=1/b.parquet", "p=0/c.parquet", "a.parquet", "_SUCCESS", "_x.parquet", ".y.parquet", "z.crc")) {
            storage.write(path("table/" + name), "");
        }
        assertThat(storage.files(path("table"), ".parquet"))
                .extracting(
                        file -> path("table").toUri().relativize(file.getPath().toUri()))
                .extracting(Object::toString)
                .containsExactly("a.parquet", "p=0/c.parquet", "p=1/b.parquet");
    }

    @Test
    void whatUnfinishedJobsAndEditorsLeaveInFoldersIsNoData() {
        for (String name : List.of(
                "a.csv",
                "_day=1/b.csv",
                "_temporary/0/_temporary/attempt_1/part-00000.csv",
                ".ipynb_checkpoints/a-checkpoint.csv")) {
            storage.write(path("in/" + name), "");
        }
        assertThat(names(storage.matching(path("in")))).containsExactly("_day=1/b.csv", "a.csv");
        assertThat(names(storage.files(path("in"), ""))).containsExactly("_day=1/b.csv", "a.csv");
    }

    @Test
    void aFolderMayHaveAColonInItsName() {
        Path run = new Path(root + "/run-10:00");
        storage.write(new Path(run, "a.csv"), "");
        assertThat(storage.matching(run)).hasSize(1);
        assertThat(storage.matching(new Path(root + "/run-11:00"))).isEmpty();
    }

    @Test
    void aPatternMeansWhatIsHiddenWhereItSaysSoOnly() {
        for (String name : List.of("1/a.csv", "1/_SUCCESS", "_tmp/a.csv", "_tmp/_b.csv")) {
            storage.write(path("in/" + name), "");
        }
        assertThat(names(storage.matching(path("in/*/*")))).containsExactly("1/a.csv");
        assertThat(names(storage.matching(path("in/*")))).containsExactly("1/a.csv");
        assertThat(names(storage.matching(path("in/_tmp/*")))).containsExactly("_tmp/a.csv");
        assertThat(names(storage.matching(path("in/_tmp/_*.csv")))).containsExactly("_tmp/_b.csv");
        assertThat(names(storage.matching(path("in/_tmp/_b.csv")))).containsExactly("_tmp/_b.csv");
    }

    private List<String> names(List<FileStatus> files) {
        return files.stream()
                .map(file ->
                        path("in").toUri().relativize(file.getPath().toUri()).toString())
                .toList();
    }

    @Test
    void aTableThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> storage.files(path("table"), ".parquet"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(path("table").toString());
    }

    private Path path(String name) {
        return new Path(root, name);
    }

    private List<String> names() throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
