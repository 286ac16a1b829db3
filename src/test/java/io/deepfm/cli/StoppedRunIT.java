package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline on the sample as people see it, on a terminal and in a log, and what it says when it is stopped. */
@Tag("proof")
class StoppedRunIT {

    private static final String CTRL_C = "\u0003";
    private static final long PATIENCE_MINUTES = 10;

    @TempDir
    private Path folder;

    @Test
    void onATerminalProgressIsDrawnInPlaceAndCtrlCSaysHowToGoOn() throws Exception {
        assumeThat(Path.of("/usr/bin/script"))
                .as("util-linux's script, which makes a terminal")
                .isExecutable();
        Path screen = folder.resolve("screen");
        List<String> java = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(java::add);
        java.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.deepfm.cli.Main"));
        java.addAll(command("pipeline"));
        String line = java.stream().map(word -> "'" + word + "'").collect(Collectors.joining(" "));
        // What runs in the background hands on that it ignores Ctrl-C.
        ProcessBuilder builder = new ProcessBuilder(
                        "/usr/bin/env", "--default-signal=INT", "/usr/bin/script", "-qefc", line, "/dev/null")
                .redirectErrorStream(true)
                .redirectOutput(screen.toFile());
        builder.environment().put("COLUMNS", "120");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        Process terminal = builder.start();
        try (OutputStream keys = terminal.getOutputStream()) {
            await(terminal, screen, "epoch  2  lr");
            keys.write(CTRL_C.getBytes());
            keys.flush();
            assertThat(terminal.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)).isTrue();
        } finally {
            terminal.descendants().forEach(ProcessHandle::destroyForcibly);
            terminal.destroyForcibly();
        }
        String said = Files.readString(screen);
        assertThat(said)
                .containsPattern("\r  encode +\\[[= ]+\\] +\\d+ %  \\d+ of \\d+ tasks  \\d:\\d\\d (so far|left)")
                .containsPattern("\r  epoch  1 +\\[=+ +\\] +\\d+ %  \\d:\\d\\d left  [\\d,]+ samples/s  loss 0\\.\\d+")
                .containsPattern("loss 0\\.\\d+  val auc 0\\.\\d+")
                .containsPattern(
                        "Stopped\\. Kept: check, tables, ingest, split, encode, candidates, training up to epoch \\d\\.")
                .contains("To go on: scripts/deepfm pipeline --config conf/deepfm_sample.conf --override");
        assertThat(terminal.exitValue()).isEqualTo(130);
        assertThat(said.split("[\\r\\n]+"))
                .filteredOn(drawn -> drawn.matches(".*\\d %.*"))
                .allSatisfy(drawn -> assertThat(drawn.length()).isLessThan(120));
        // What was drawn over is not in the log.
        assertThat(Files.readString(folder.resolve("run/train.log"))).doesNotContain("\r", "[=");
    }

    @Test
    void withoutATerminalThereAreLinesAndSigtermSaysHowToGoOn() throws Exception {
        try (JavaProcess process = JavaProcess.start(
                folder, "first", "1g", System.getProperty("java.class.path"), Map.of(), main(command("train")))) {
            process.await("epoch  1  lr");
            process.handle().destroy();
            assertThat(process.exitCode()).isEqualTo(143);
            assertThat(process.log())
                    .doesNotContain("\r")
                    .containsPattern("Stopped\\. Kept: check, .*candidates, training up to epoch \\d\\.\n")
                    .containsPattern("To go on: scripts/deepfm train --config .*\\.conf --override .* --resume\n");
        }
    }

    /** As when a laptop sleeps, only shorter, as is what Spark waits for a sign of life. */
    @Test
    void afterALongSuspensionARunGoesOnToItsEnd() throws Exception {
        List<String> program = new ArrayList<>(List.of(
                "-Dspark.executor.heartbeatInterval=1s",
                "-Dspark.network.timeout=3s",
                "-Dspark.network.timeoutInterval=1s"));
        program.addAll(main(command("train")));
        try (JavaProcess process =
                JavaProcess.start(folder, "first", "1g", System.getProperty("java.class.path"), Map.of(), program)) {
            process.await("epoch  1  lr");
            signal(process, "STOP");
            TimeUnit.SECONDS.sleep(8);
            signal(process, "CONT");
            assertThat(process.exitCode()).isZero();
            assertThat(process.log()).contains("best epoch");
            assertThat(Files.readString(folder.resolve("run/spark.log")))
                    .doesNotContain("no recent heartbeats", "Issue communicating with driver");
        }
    }

    private static void signal(JavaProcess process, String name) throws IOException, InterruptedException {
        String pid = Long.toString(process.handle().pid());
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor())
                .isZero();
    }

    private static List<String> main(List<String> command) {
        List<String> program = new ArrayList<>(List.of("io.deepfm.cli.Main"));
        program.addAll(command);
        return program;
    }

    private List<String> command(String name) {
        Path root = Path.of("").toAbsolutePath();
        return List.of(
                name,
                "--config",
                name.equals("pipeline")
                        ? "conf/deepfm_sample.conf"
                        : root.resolve("conf/deepfm_sample.conf").toString(),
                "--override",
                "data.data_dir=" + root.resolve("sample-data"),
                "work_dir=" + folder.resolve("work"),
                "output_dir=" + folder.resolve("run"),
                // On a machine that is busy, two would wait for each other.
                "training.num_threads=1");
    }

    private static void await(Process process, Path file, String text) throws IOException, InterruptedException {
        Matcher wanted = Pattern.compile(text).matcher("");
        while (process.isAlive() && !wanted.reset(Files.readString(file)).find()) {
            Thread.sleep(100);
        }
        assertThat(Files.readString(file)).contains(text);
    }
}
