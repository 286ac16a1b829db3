package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.cli.StandaloneCluster.Executor;
import io.deepfm.data.sample.EpochSampler;
import io.deepfm.job.ScoreJob;
import io.deepfm.report.Results;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pipeline on a cluster leaves what it leaves on {@code local[2]}, also when parts of the cluster die. */
@Tag("proof")
class ClusterIT {

    private static final Pattern LOADED = Pattern.compile("Loaded the model .*; torch threads: (\\d+)");
    private static final Pattern TASK =
            Pattern.compile("(Running|Finished) task \\S+ in stage (\\d+)[.]\\d+ \\(TID (\\d+)\\)");

    private static final String SAMPLE = Path.of("sample-data").toAbsolutePath().toString();

    @TempDir
    private static Path folder;

    private static StandaloneCluster cluster;
    private static FilesOfARun local;

    @BeforeAll
    static void runLocallyAndStartTheCluster() throws Exception {
        JavaProcess driver = JavaProcess.submit(
                folder, "local-driver", Map.of("spark.master", "local[2]"), Map.of(), pipeline(SAMPLE, place("local")));
        assertThat(driver.exitCode()).as(driver.log()).isZero();
        local = localFiles("local");
        cluster = new StandaloneCluster(folder.resolve("cluster"));
    }

    @AfterAll
    static void stopTheCluster() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void lostExecutorsChangeNothing() throws Exception {
        Path events = Files.createDirectory(folder.resolve("events"));
        JavaProcess driver = cluster.submit(
                "driver",
                Map.of(
                        "spark.eventLog.enabled",
                        "true",
                        "spark.eventLog.dir",
                        events.toUri().toString()),
                pipeline(SAMPLE, place("run")));

        Executor first = kill(driver, events, EpochSampler.class, "");
        Executor second = kill(driver, events, ScoreJob.class, LOADED.pattern());

        assertThat(driver.exitCode()).as(driver.log()).isZero();
        assertThat(second.id()).isNotEqualTo(first.id());
        EventLog log = EventLog.in(events);
        assertThat(log.lostTasks(log.stages(EpochSampler.class))).isPositive();
        assertThat(log.lostTasks(log.stages(ScoreJob.class))).isPositive();
        assertThat(modelsLoaded(log.application()).values()).allMatch(times -> times <= 1);
        assertSameAsLocal(localFiles("run"));
    }

    @Test
    void aLogOfClicksIsTheSame() throws Exception {
        JavaProcess alone = JavaProcess.submit(
                folder, "local-clicks", Map.of("spark.master", "local[2]"), Map.of(), clicks(place("clicks-local")));
        assertThat(alone.exitCode()).as(alone.log()).isZero();
        JavaProcess driver = cluster.submit("clicks", Map.of(), clicks(place("clicks")));
        assertThat(driver.exitCode()).as(driver.log()).isZero();
        assertSame(localFiles("clicks"), localFiles("clicks-local"));
    }

    @Test
    void dataAndOutputsOnHdfs() throws Exception {
        try (Hdfs hdfs = new Hdfs(folder.resolve("hdfs"));
                FileSystem fs = hdfs.fileSystem()) {
            for (String file : List.of("u.data", "u.user", "u.item")) {
                fs.copyFromLocalFile(path("sample-data/" + file), path("/raw/" + file));
            }
            List<Path> cache = files(JavaProcess.libraryCache());
            Map<String, String> settings = new TreeMap<>();
            Hdfs.clientSettings().forEach((key, value) -> settings.put("spark.hadoop." + key, value));
            JavaProcess driver =
                    cluster.submit("hdfs-driver", settings, pipeline(hdfs.uri() + "/raw", hdfs.uri() + "/run"));

            driver.await("candidates ");
            hdfs.stopDatanode();
            assertThat(driver.handle().isAlive()).isTrue();

            assertThat(driver.exitCode()).as(driver.log()).isZero();
            FilesOfARun run = new FilesOfARun(fs, path("/run"));
            assertSameAsLocal(run);
            assertThat(run.names()).contains("out/train.log", "out/metrics.csv", "out/spark.log");
            assertThat(driver.files()).as("left on the driver's disk").isEmpty();
            assertThat(files(JavaProcess.libraryCache())).isEqualTo(cache);
            onlyTheDriverReadsTheModel(hdfs.audit());
            String application = Pattern.compile("SPARK_TASK_(app-\\d+-\\d+)")
                    .matcher(String.join("\n", hdfs.audit()))
                    .results()
                    .findFirst()
                    .orElseThrow()
                    .group(1);
            assertThat(modelsLoaded(application).values()).containsExactly(1L, 1L);
        }
    }

    /** As the namenode saw it: tasks say that they are. */
    private static void onlyTheDriverReadsTheModel(List<String> audit) {
        assertThat(calls(audit, "cmd=create", "/run/out/")).anyMatch(line -> line.contains("checkpoints/"));
        assertThat(calls(audit, "cmd=open", "/run/work/candidates/"))
                .anyMatch(line -> line.contains("callerContext=SPARK_TASK"));
        assertThat(calls(audit, "cmd=open", "/run/out/model/model.safetensors"))
                .isNotEmpty()
                .noneMatch(line -> line.contains("callerContext=SPARK_TASK"));
        assertThat(calls(audit, "cmd=open", "/run/out/model/"))
                .noneMatch(line -> line.contains("callerContext=SPARK_TASK"));
    }

    private static List<String> calls(List<String> audit, String call, String path) {
        return audit.stream()
                .filter(line -> line.contains(call) && line.contains("src=" + path))
                .toList();
    }

    private static List<String> pipeline(String data, String to) {
        return new ArrayList<>(List.of(
                "pipeline",
                "--config",
                Path.of("conf/deepfm_sample.conf").toAbsolutePath().toString(),
                "--override",
                "data.data_dir=" + data,
                "work_dir=" + to + "/work",
                "output_dir=" + to + "/out",
                "data.keep_epochs=true",
                "data.shard_rows=16384",
                "data.num_neg_eval=599",
                "training.epochs=2",
                "training.num_threads=1"));
    }

    /** With a dense feature of each scaling that has sums in it. */
    private static List<String> clicks(String to) {
        return new ArrayList<>(List.of(
                "pipeline",
                "--config",
                Path.of("conf/deepfm_clicks.conf").toAbsolutePath().toString(),
                "--override",
                "data.data_dir=" + Path.of("sample-data/clicks").toAbsolutePath(),
                "work_dir=" + to + "/work",
                "output_dir=" + to + "/out",
                "data.keep_epochs=true",
                "dataset.features=[{ name = i1, type = dense, scaling = standard },"
                        + " { name = i2, type = dense, scaling = log1p }, { name = c1, type = sparse }]",
                "training.epochs=2",
                "training.num_threads=1"));
    }

    /**
     * Kills an executor that is at work on a task.
     *
     * @param code the class of ours whose task it must be
     * @param said what the executor must have said before
     */
    private static Executor kill(JavaProcess driver, Path events, Class<?> code, String said) {
        Pattern before = Pattern.compile(said);
        return driver.await("had no task of " + code, () -> {
            try {
                EventLog log = EventLog.in(events);
                Set<Integer> stages = log.stages(code);
                for (Executor executor :
                        stages.isEmpty() ? List.<Executor>of() : cluster.executors(log.application())) {
                    for (ProcessHandle process : executor.process()) {
                        if (before.matcher(executor.log()).find() && killAtWork(executor, process, stages)) {
                            return executor;
                        }
                    }
                }
                return null;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Holds a process first: while its log is read and it is killed, the task might end. */
    private static boolean killAtWork(Executor executor, ProcessHandle process, Set<Integer> stages)
            throws IOException {
        if (!isAtWork(executor.log(), stages) || !signal(process, "-STOP")) {
            return false;
        }
        if (isAtWork(executor.log(), stages)) {
            return process.destroyForcibly();
        }
        signal(process, "-CONT");
        return false;
    }

    private static boolean signal(ProcessHandle process, String signal) throws IOException {
        try {
            return new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                            .start()
                            .waitFor()
                    == 0;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isAtWork(String log, Set<Integer> stages) {
        Set<String> running = new HashSet<>();
        Matcher task = TASK.matcher(log);
        while (task.find()) {
            if (task.group(1).equals("Finished")) {
                running.remove(task.group(3));
            } else if (stages.contains(Integer.valueOf(task.group(2)))) {
                running.add(task.group(3));
            }
        }
        return !running.isEmpty();
    }

    /** How often each executor loaded a model; with one torch thread, as tasks have one core. */
    private static Map<String, Long> modelsLoaded(String application) throws IOException {
        Map<String, Long> times = new TreeMap<>();
        for (Executor executor : cluster.executors(application)) {
            List<String> threads = LOADED.matcher(executor.log())
                    .results()
                    .map(match -> match.group(1))
                    .toList();
            assertThat(threads).allMatch("1"::equals);
            times.put(executor.id(), (long) threads.size());
        }
        return times;
    }

    private static void assertSameAsLocal(FilesOfARun run) throws IOException {
        assertThat(local.tables().keySet()).contains("work/interactions", "work/split/train", "work/candidates/test");
        assertSame(run, local);
    }

    private static void assertSame(FilesOfARun run, FilesOfARun local) throws IOException {
        Map<String, List<String>> expected = local.tables();
        Map<String, List<String>> actual = run.tables();
        assertThat(actual.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, rows) -> assertThat(actual.get(name)).as(name).isEqualTo(rows));
        for (String name : List.of(
                "work/schema.json",
                "out/model/schema.json",
                "out/model/encoders.json",
                "out/model/model.safetensors")) {
            assertThat(run.bytes(name)).as(name).isEqualTo(local.bytes(name));
        }
        Map<String, Object> expectedResults = results(local);
        Map<String, Object> actualResults = results(run);
        for (String part : List.of("val_metrics", "test_metrics", "baselines", "data")) {
            assertThat(actualResults.get(part)).as(part).isEqualTo(expectedResults.get(part));
        }
        assertThat(run.names()).noneMatch(name -> name.contains(".tmp-") || name.contains("_temporary"));
    }

    private static Map<String, Object> results(FilesOfARun run) throws IOException {
        String name = "out/results.json";
        return Results.parse(new String(run.bytes(name), StandardCharsets.UTF_8), name);
    }

    private static String place(String name) {
        return folder.resolve(name).toString();
    }

    private static FilesOfARun localFiles(String name) throws IOException {
        return new FilesOfARun(FileSystem.getLocal(new Configuration()), path(place(name)));
    }

    private static org.apache.hadoop.fs.Path path(String path) {
        return new org.apache.hadoop.fs.Path(path);
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.sorted().toList();
        }
    }
}
