package io.deepfm.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.storage.Storage;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each run of a stage is a process of its own, on a copy of the program's classes beside a copy of its sources. */
class ProgramTest {

    @TempDir
    private Path folder;

    private Path own;
    private Path classes;
    private Path sources;

    @BeforeEach
    void copy() throws Exception {
        own = Path.of(Program.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        classes = folder.resolve("classes");
        FileUtils.copyDirectory(own.toFile(), classes.toFile());
        sources = folder.resolve("sources");
        FileUtils.copyDirectory(new File("src/main"), sources.toFile());
    }

    @Test
    void aStageRunsAgainWhenAnySourceOrResourceHasChangedAndOnlyThen() throws Exception {
        assertThat(runAStage()).isEqualTo("computed");
        assertThat(runAStage()).isEqualTo("kept");
        build();
        assertThat(runAStage()).as("after a build that changed nothing").isEqualTo("kept");

        append(sources.resolve("java/io/deepfm/data/encode/FieldEncoder.java"), "\n  // Why.\n");
        build();
        assertThat(runAStage()).as("after a change of a comment").isEqualTo("kept");

        change(sources.resolve("java/io/deepfm/data/encode/FieldEncoder.java"));
        build();
        assertThat(runAStage()).as("after a change of a class").isEqualTo("computed");
        assertThat(runAStage()).isEqualTo("kept");
    }

    @Test
    void classesHelpersDefaultsAndDatasetsCount() throws Exception {
        for (Path part : List.of(
                sources.resolve("java/io/deepfm/config/random/Seed.java"),
                sources.resolve("spark-3/io/deepfm/data/InternalRows.java"),
                classes.resolve("reference.conf"),
                classes.resolve("datasets/movielens-100k.conf"),
                classes.resolve("versions.properties"))) {
            String before = digest();
            change(part);
            build();
            assertThat(digest()).as(part.toString()).isNotEqualTo(before);
        }
    }

    @Test
    void theBuildWroteTheDigest() throws Exception {
        build();
        assertThat(digest()).isEqualTo(Program.digest()).matches("[0-9a-f]{64}");
    }

    @Test
    void theCompilerAndTheVersionOfSparkDoNotCount() throws Exception {
        String before = digest();
        change(classes.resolve("io/deepfm/config/random/Seed.class"));
        build();
        assertThat(digest()).isEqualTo(before);
    }

    private void build() throws Exception {
        Program.main(new String[] {classes.toString(), sources.toString()});
    }

    private String digest() throws Exception {
        return Files.readString(classes.resolve("io/deepfm/program.sha256"));
    }

    private static void change(Path file) throws Exception {
        append(file, ";");
    }

    private static void append(Path file, String text) throws Exception {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private String runAStage() throws Exception {
        Path said = folder.resolve("said");
        int exit = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path")
                                .replace(own.toString() + File.pathSeparator, classes + File.pathSeparator),
                        OneStage.class.getName(),
                        folder.resolve("work").toString())
                .redirectOutput(said.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        assertThat(exit).isZero();
        return Files.readString(said);
    }

    /** Runs a stage in the folder that the argument names, and says whether its output was kept. */
    static final class OneStage implements Stage {

        public static void main(String[] arguments) {
            WorkDirectory work =
                    new WorkDirectory(new Storage(new Configuration()), new org.apache.hadoop.fs.Path(arguments[0]));
            System.out.print(work.run(new OneStage(), false).reused() ? "kept" : "computed");
        }

        @Override
        public String name() {
            return "nothing";
        }

        @Override
        public List<String> outputs() {
            return List.of();
        }

        @Override
        public Map<String, String> inputs() {
            return Map.of();
        }

        @Override
        public Fingerprint settings() {
            return new Fingerprint();
        }

        @Override
        public Map<String, Long> run(org.apache.hadoop.fs.Path target) {
            return Map.of();
        }
    }
}
