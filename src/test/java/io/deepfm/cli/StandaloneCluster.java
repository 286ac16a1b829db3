package io.deepfm.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Spark's standalone master and two workers with one core each, every one a process of its own on loopback. A folder with
 * links to the jars that Maven fetched is their Spark installation.
 */
final class StandaloneCluster implements AutoCloseable {

    private static final int WORKERS = 2;

    private final Path folder;
    private final String url;
    private final List<JavaProcess> processes = new ArrayList<>();
    private final List<JavaProcess> workers = new ArrayList<>();

    StandaloneCluster(Path folder) throws IOException {
        this.folder = folder;
        Path jars = Files.createDirectories(home().resolve("jars"));
        for (String jar : JavaProcess.sparkJars().trim().split(File.pathSeparator)) {
            Files.createSymbolicLink(jars.resolve(Path.of(jar).getFileName()), Path.of(jar));
        }
        // An executor decides whether its tasks say who they are before it has the driver's settings.
        Files.writeString(
                Files.createDirectories(home().resolve("conf")).resolve("core-site.xml"),
                """
                <configuration>
                  <property><name>hadoop.caller.context.enabled</name><value>true</value></property>
                </configuration>
                """);
        JavaProcess master = start("master", "master.Master", "--webui-port", "0");
        url = master.await("Starting Spark master at (spark://\\S+)").group(1);
        for (int i = 0; i < WORKERS; i++) {
            workers.add(start(
                    "worker-" + i,
                    "worker.Worker",
                    "--webui-port",
                    "0",
                    "--cores",
                    "1",
                    "--memory",
                    "1g",
                    "--work-dir",
                    folder.resolve("executors-" + i).toString(),
                    url));
        }
        workers.forEach(worker -> worker.await("Successfully registered with master"));
    }

    private JavaProcess start(String name, String daemon, String... arguments) {
        List<String> program =
                new ArrayList<>(List.of("org.apache.spark.deploy." + daemon, "--host", "127.0.0.1", "--port", "0"));
        program.addAll(List.of(arguments));
        Map<String, String> environment = Map.of(
                "SPARK_HOME",
                home().toString(),
                // What bin/load-spark-env.sh finds out.
                "SPARK_SCALA_VERSION",
                System.getProperty("scala.version"),
                // Executors keep their shuffle files below the worker's.
                "SPARK_LOCAL_DIRS",
                folder.resolve(name).toString());
        JavaProcess process = JavaProcess.start(folder, name, "512m", JavaProcess.sparkJars(), environment, program);
        processes.add(process);
        return process;
    }

    private Path home() {
        return folder.resolve("spark");
    }

    /**
     * Starts a command of ours in a driver process.
     *
     * @param name of the driver's folder
     * @param settings Spark's, beside those that a small cluster needs
     * @param command a command and its options
     */
    JavaProcess submit(String name, Map<String, String> settings, List<String> command) {
        Map<String, String> all = new TreeMap<>(settings);
        all.put("spark.master", url);
        all.put("spark.driver.host", "127.0.0.1");
        all.put("spark.driver.bindAddress", "127.0.0.1");
        all.put("spark.ui.enabled", "false");
        all.put("spark.executor.memory", "1g");
        all.put("spark.executor.extraJavaOptions", "-XX:TieredStopAtLevel=1 -Djava.io.tmpdir=.");
        all.put("spark.sql.shuffle.partitions", "5");
        Map<String, String> environment = Map.of("SPARK_HOME", home().toString());
        JavaProcess driver = JavaProcess.submit(folder, name, all, environment, command);
        processes.add(driver);
        return driver;
    }

    /** The executors of an application that are or were, in the order of the workers. */
    List<Executor> executors(String application) throws IOException {
        List<Executor> executors = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            Path own = folder.resolve("executors-" + i).resolve(application);
            String[] ids = own.toFile().list();
            for (String id : ids == null ? new String[0] : ids) {
                executors.add(new Executor(id, own.resolve(id), workers.get(i)));
            }
        }
        return executors;
    }

    @Override
    public void close() {
        processes.forEach(JavaProcess::close);
    }

    /**
     * An executor.
     *
     * @param id its number in the application
     * @param folder its current folder
     * @param worker its parent
     */
    record Executor(String id, Path folder, JavaProcess worker) {

        /** What it said so far. */
        String log() throws IOException {
            Path file = folder.resolve("stderr");
            return Files.exists(file) ? Files.readString(file) : "";
        }

        /** Its process, which is none when it is over. */
        List<ProcessHandle> process() {
            return worker.handle()
                    .children()
                    .filter(child -> child.info()
                            .commandLine()
                            .orElse("")
                            .matches("(?s).*CoarseGrainedExecutorBackend.*--executor-id " + id + " .*"))
                    .toList();
        }
    }
}
