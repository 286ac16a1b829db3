package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.report.Results;
import io.deepfm.storage.Storage;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline with raw data, {@code work_dir} and {@code output_dir} on S3 does what it does on a local disk. */
@Tag("store")
class S3IT {

    private static final String SAMPLE = Path.of("sample-data").toAbsolutePath().toString();

    @TempDir
    private static Path folder;

    private static S3Server server;
    private static FileSystem s3;
    private static FilesOfARun local;

    @BeforeAll
    static void runLocallyAndStartTheServer() throws Exception {
        server = new S3Server(folder);
        s3 = FileSystem.newInstance(server.uri(), s3a(server.configuration()));
        for (String file : List.of("u.data", "u.user", "u.item")) {
            new Storage(s3.getConf()).copy(path(SAMPLE + "/" + file), path(server.uri() + "/raw/" + file));
        }
        JavaProcess run = submit("local", pipeline(SAMPLE, place("local/work"), place("local/out")));
        assertThat(run.exitCode()).as(run.log()).isZero();
        local = new FilesOfARun(FileSystem.getLocal(new Configuration()), path(place("local")));
    }

    @AfterAll
    static void stopTheServer() throws IOException {
        if (s3 != null) {
            s3.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void dataAndOutputsOnS3() throws Exception {
        JavaProcess run = submit("whole", onS3("whole/work", "whole/out"));
        assertThat(run.exitCode()).as(run.log()).isZero();
        assertSameAsLocal("whole/out");
        noSecretIn(run, "whole");
    }

    @Test
    void aKilledRunIsTakenOverAtOnce() throws Exception {
        JavaProcess first = submit("killed", onS3("killed/work", "killed/out"));
        first.await("candidates ");
        first.kill();
        assertThat(claims("killed/out")).isNotEmpty();
        JavaProcess second = submit("again", onS3("killed/work", "killed/out"));
        assertThat(second.exitCode()).as(second.log()).isZero();
        assertThat(second.log()).contains("up to date").doesNotContain("waiting for process");
        assertThat(claims("killed/out")).isEmpty();
        assertSameAsLocal("killed/out");
    }

    @Test
    void ofTwoAtOnceInOneOutputDirOneIsRefused() throws Exception {
        List<JavaProcess> both = List.of(
                submit("one", onS3("first/work", "contended/out")),
                submit("other", onS3("second/work", "contended/out")));
        List<String> refused = new ArrayList<>();
        for (JavaProcess run : both) {
            int exit = run.exitCode();
            if (exit != 0) {
                assertThat(exit).isEqualTo(Main.EXIT_OTHER);
                refused.add(run.log());
            }
        }
        assertThat(refused).singleElement().asString().contains("/contended/out is in use by process ", "since 20");
        assertSameAsLocal("contended/out");
    }

    @Test
    void ofTwoAtOnceInOneWorkDirOneComputesAndTheOtherReuses() throws Exception {
        JavaProcess one = submit("computes", onS3("shared/work", "shared/one"));
        JavaProcess other = submit("reuses", onS3("shared/work", "shared/other"));
        assertThat(one.exitCode()).as(one.log()).isZero();
        assertThat(other.exitCode()).as(other.log()).isZero();
        assertThat(one.log() + other.log()).contains("up to date");
        assertSameAsLocal("shared/one");
        assertSameAsLocal("shared/other");
    }

    private static JavaProcess submit(String name, List<String> command) {
        Map<String, String> settings = new TreeMap<>();
        server.clientSettings().forEach((key, value) -> settings.put("spark.hadoop." + key, value));
        settings.put("spark.jars", s3aJars());
        settings.put("spark.master", "local[1]");
        return JavaProcess.submit(folder, name + "-driver", settings, Map.of(), command);
    }

    private static String s3aJars() {
        return System.getProperty("s3a.jars").replace(File.pathSeparatorChar, ',');
    }

    private static List<String> onS3(String work, String out) {
        return pipeline(server.uri() + "/raw", server.uri() + "/" + work, server.uri() + "/" + out);
    }

    private static List<String> pipeline(String data, String work, String out) {
        return List.of(
                "pipeline",
                "--config",
                Path.of("conf/deepfm_sample.conf").toAbsolutePath().toString(),
                "--override",
                "data.data_dir=" + data,
                "work_dir=" + work,
                "output_dir=" + out,
                "data.num_neg_eval=50",
                "training.num_threads=1",
                "training.epochs=2");
    }

    private static void assertSameAsLocal(String out) throws IOException {
        FilesOfARun run = new FilesOfARun(s3, path("/" + out.replaceFirst("/[^/]*$", "")));
        String name = out.replaceFirst(".*/", "");
        assertThat(run.bytes(name + "/model/model.safetensors")).isEqualTo(local.bytes("out/model/model.safetensors"));
        Map<String, Object> expected = results(local, "out");
        Map<String, Object> actual = results(run, name);
        for (String part : List.of("val_metrics", "test_metrics", "baselines", "data")) {
            assertThat(actual.get(part)).as(part).isEqualTo(expected.get(part));
        }
        assertThat(run.names()).noneMatch(file -> file.contains(".tmp-") || file.contains("_temporary"));
    }

    private static void noSecretIn(JavaProcess run, String root) throws IOException {
        FilesOfARun files = new FilesOfARun(s3, path("/" + root));
        for (String name : files.names()) {
            assertThat(new String(files.bytes(name), StandardCharsets.ISO_8859_1))
                    .as(name)
                    .doesNotContain(S3Server.SECRET_KEY);
        }
        assertThat(run.log()).doesNotContain(S3Server.SECRET_KEY);
    }

    private static List<String> claims(String out) throws IOException {
        return Stream.of(s3.listStatus(path("/" + out)))
                .map(file -> file.getPath().getName())
                .filter(name -> name.startsWith(".lock."))
                .toList();
    }

    private static Map<String, Object> results(FilesOfARun run, String out) throws IOException {
        String name = out + "/results.json";
        return Results.parse(new String(run.bytes(name), StandardCharsets.UTF_8), name);
    }

    /** S3's client is for other processes, and so not on this one's classpath. */
    private static Configuration s3a(Configuration configuration) throws IOException {
        List<URL> jars = new ArrayList<>();
        for (String jar : s3aJars().split(",")) {
            jars.add(Path.of(jar).toUri().toURL());
        }
        configuration.setClassLoader(new URLClassLoader(jars.toArray(URL[]::new), S3IT.class.getClassLoader()));
        return configuration;
    }

    private static String place(String name) {
        return folder.resolve(name).toString();
    }

    private static org.apache.hadoop.fs.Path path(String path) {
        return new org.apache.hadoop.fs.Path(path);
    }
}
