package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every command under a real spark-submit, in a process of its own: on the classpath Spark's jars alone, its old Gson
 * first, and beside them the assembly.
 */
@Tag("proof")
class SubmitIT {

    @TempDir
    private Path folder;

    @Test
    void everyCommandRunsOneAfterTheOther() throws Exception {
        submit("download");
        submit("ingest");
        submit("split");
        submit("encode");
        submit("sample", "--epochs", "1-1");
        submit("train");
        submit("score");
        String console = submit("evaluate");
        assertThat(console).contains("deepfm", "popularity", "results.json");
        assertThat(folder.resolve("out/results.json")).isNotEmptyFile();
        assertThat(folder.resolve("out/rankings/test")).isNotEmptyDirectory();
        submit("predict", "--input", "sample-data/u.data", "--output", output("predictions"));
        submit("recommend", "--csv", "--output", output("top"));
        assertThat(folder.resolve("predictions/_SUCCESS")).exists();
        assertThat(folder.resolve("top")).isNotEmptyFile();
    }

    private String output(String name) {
        return folder.resolve(name).toString();
    }

    private String submit(String... command) throws Exception {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(line::add);
        line.addAll(List.of(
                "-Xmx2g",
                "-cp",
                System.getProperty("spark.gson")
                        + File.pathSeparator
                        + Files.readString(Path.of(System.getProperty("spark.classpath.file"))),
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local[2]",
                "--class",
                "io.deepfm.cli.Main",
                System.getProperty("assembly.jar")));
        line.addAll(List.of(command));
        line.addAll(List.of(
                "--config",
                "conf/deepfm_sample.conf",
                "--override",
                "work_dir=" + folder.resolve("work"),
                "output_dir=" + folder.resolve("out"),
                "training.epochs=1",
                "data.num_neg_eval=50"));
        File output = folder.resolve(command[0] + ".log").toFile();
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).as(command[0]).isTrue();
        String console = Files.readString(output.toPath());
        assertThat(process.exitValue()).as(command[0] + "\n" + console).isZero();
        return console;
    }
}
