package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the scripts start, and with what: in a release whose Java, spark-submit or pipeline only says how it was called. */
class ScriptsTest {

    private static final String CALLED =
            """
            #!/usr/bin/env bash
            printf '%s\\n' "bound to ${SPARK_LOCAL_IP-nothing}" "$@"
            """;

    @TempDir
    private Path folder;

    private Path release;

    private record Run(int exitCode, List<String> out, String err) {

        String after(String option) {
            return out.contains(option) ? out.get(out.indexOf(option) + 1) : "nothing";
        }
    }

    @BeforeEach
    void release() throws IOException {
        release = folder.resolve("My Pro%jects #1/it's \"here\"");
        for (String script : List.of("deepfm", "nightly")) {
            program("scripts/" + script, Files.readString(Path.of("scripts", script)));
        }
        program("java/bin/java", CALLED);
        program("spark/bin/spark-submit", CALLED);
        Files.createDirectories(release.resolve("jars/spark"));
        Files.createFile(release.resolve("jars/deepfm-spark-0-assembly.jar"));
    }

    private Path program(String name, String text) throws IOException {
        Path file = release.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @Test
    void withoutAMasterItIsThisMachine() throws Exception {
        Run run = deepfm("--driver-memory=8g", "--conf", "spark.master.rest.enabled=false", "--override", "seed=7");
        assertThat(run.after("--master")).isEqualTo("local[*]");
        assertThat(run.out())
                .startsWith("bound to 127.0.0.1")
                .containsSequence("--driver-memory", "8g", "--conf", "spark.master.rest.enabled=false")
                .endsWith("describe", "--override", "seed=7");
    }

    @Test
    void aMasterIsTheOneThatIsGivenInWhateverWay() throws Exception {
        for (String option : List.of("--master=spark://host:7077", "--conf=spark.master=spark://host:7077")) {
            Run run = deepfm(option);
            assertThat(run.out()).startsWith("bound to nothing").endsWith("describe");
            assertThat(run.out()).containsSequence(option.split("=", 2)).doesNotContain("local[*]");
        }
        assertThat(deepfm("--master=local[2]").out()).startsWith("bound to 127.0.0.1");
        assertThat(deepfm("--conf", "spark.master=local").out()).startsWith("bound to 127.0.0.1");
        assertThat(deepfm("--master=yarn", "--conf", "spark.master=local").out())
                .startsWith("bound to nothing");
    }

    @Test
    void aPropertiesFileMayNameTheMaster() throws Exception {
        Path properties = folder.resolve("spark.conf");
        for (String line : List.of("spark.master spark://h:7", " spark.master = spark://h:7", "spark.master:yarn")) {
            Files.writeString(properties, "# spark.master local\n" + line + "\nspark.master.rest.enabled local\n");
            Run run = deepfm("--properties-file=" + properties);
            assertThat(run.out()).as(line).startsWith("bound to nothing");
            assertThat(run.out()).doesNotContain("--master").containsSequence("--properties-file", "" + properties);
        }
        Files.writeString(properties, "spark.hadoop.fs.s3a.access.key key\n");
        assertThat(deepfm("--properties-file", "" + properties).after("--master"))
                .isEqualTo("local[*]");
    }

    @Test
    void sparkSubmitCanSplitItsJavaOptionsAtBlanks() throws Exception {
        Run run = deepfm(Map.of("SPARK_HOME", release.resolve("spark").toString()));
        String option = run.after("--driver-java-options");
        assertThat(option).startsWith("-Dlog4j2.configurationFile=file:///").doesNotContain(" ", "'", "\"");
        assertThat(Path.of(URI.create(option.split("=", 2)[1])))
                .isEqualTo(release.toRealPath().resolve("conf/log4j2.properties"));
    }

    /** On a disk that both use for temporary files. */
    @Test
    void anotherHostsTemporaryFilesStay() throws Exception {
        Path scratch = Files.createDirectories(folder.resolve(
                "tmp/deepfm-spark-" + Files.getAttribute(folder, "unix:uid").toString()));
        String none = "99999999";
        Path gone = Files.createDirectory(scratch.resolve("node-" + none));
        Path other = Files.createDirectory(scratch.resolve("node-1-" + none));
        deepfm(Map.of("TMPDIR", folder.resolve("tmp").toString(), "HOSTNAME", "node"));
        assertThat(gone).doesNotExist();
        assertThat(other).exists();
    }

    @Test
    void nightlyRunsAreInALocalFolder() throws Exception {
        for (String runs : List.of("hdfs://namenode/runs", "s3a://bucket/runs", "file:/runs")) {
            Run run = nightly(runs);
            assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
            assertThat(run.err()).startsWith("error: --runs " + runs + ": not a local folder");
        }
        assertThat(release.resolve("hdfs:")).doesNotExist();
    }

    @Test
    void aSecondNightlyRunOfADayIsRefusedAndNoLogIsLost() throws Exception {
        program(
                "scripts/deepfm",
                """
                #!/usr/bin/env bash
                echo "error: $NAME is broken"
                [[ -z $AGAIN ]] || AGAIN= "$(dirname "$0")/nightly" --runs "$AGAIN" --day 2026-01-31
                exit 3
                """);
        String runs = folder.resolve("runs").toString();
        Run first = nightly(runs, Map.of("NAME", "one", "AGAIN", runs));
        assertThat(first.out()).singleElement().asString().contains("exit code 3", "one is broken");
        Path log = Path.of(runs, "2026-01-31.log");
        assertThat(log).content().contains("one is broken", "another run of this day is going on");

        Run later = nightly(runs, Map.of("NAME", "two", "AGAIN", ""));
        assertThat(later.out()).singleElement().asString().contains("exit code 3", "two is broken");
        assertThat(later.err()).doesNotContain("one is broken");
        assertThat(log).content().containsSubsequence("one is broken", "two is broken");
    }

    private Run deepfm(String... options) throws Exception {
        return deepfm(Map.of(), options);
    }

    private Run deepfm(Map<String, String> environment, String... options) throws Exception {
        List<String> line = new ArrayList<>(List.of("scripts/deepfm", "describe"));
        line.addAll(List.of(options));
        return run(environment, line);
    }

    private Run nightly(String runs) throws Exception {
        return nightly(runs, Map.of());
    }

    private Run nightly(String runs, Map<String, String> environment) throws Exception {
        return run(environment, List.of("scripts/nightly", "--runs", runs, "--day", "2026-01-31"));
    }

    private Run run(Map<String, String> environment, List<String> line) throws Exception {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(line)
                .directory(release.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeAll(List.of("SPARK_HOME", "SPARK_LOCAL_IP", "DEEPFM_JAVA_OPTIONS"));
        builder.environment().put("JAVA_HOME", release.resolve("java").toString());
        builder.environment().put("TMPDIR", folder.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(line.toString()).isTrue();
        return new Run(process.exitValue(), Files.readAllLines(out), Files.readString(err));
    }
}
