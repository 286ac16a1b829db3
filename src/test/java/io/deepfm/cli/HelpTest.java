package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HelpTest {

    @TempDir
    private Path folder;

    @Test
    void aHelpTextStartsNeitherSparkNorALog() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xlog:class+load:file=" + folder.resolve("classes"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Help.class.getName(),
                        "pipeline",
                        "--help")
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).isZero();
        assertThat(said).contains("Usage: deepfm pipeline", "--config", "training.optimizer");
        assertThat(Files.readString(folder.resolve("classes")))
                .contains(Help.class.getName())
                .doesNotContain("org.apache.spark.", "org.apache.logging.", "ai.djl.engine.");
    }

    @Test
    void completionKnowsAllCommandsAndTheirOptions() throws Exception {
        Path script = folder.resolve("deepfm_completion");
        Completion.main(new String[] {script.toString()});
        assertThat(Files.readString(script))
                .contains("complete -F _complete_deepfm", " deepfm")
                .contains(Help.commands().getSubcommands().keySet())
                .contains("--similar-items");
    }
}
