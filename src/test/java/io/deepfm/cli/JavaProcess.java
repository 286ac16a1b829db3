package io.deepfm.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Java program in a process of its own, on the jars of Spark. Its current folder, its temporary folder and its user's
 * home are empty folders of its own, so that one sees what it leaves there.
 */
final class JavaProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final String name;
    private final Path folder;
    private final Process process;

    private JavaProcess(String name, Path folder, Process process) {
        this.name = name;
        this.folder = folder;
        this.process = process;
    }

    /** Spark's jars, separated as in a classpath. */
    static String sparkJars() {
        return read(Path.of(System.getProperty("spark.classpath.file")));
    }

    /**
     * Starts a program.
     *
     * @param folder where the program's own folder is made
     * @param name of that folder
     * @param heap the most memory for objects, such as {@code 512m}
     * @param classpath what it runs on
     * @param environment variables beside this process's own
     * @param program the class and its arguments
     */
    static JavaProcess start(
            Path folder,
            String name,
            String heap,
            String classpath,
            Map<String, String> environment,
            List<String> program) {
        Path own = folder.resolve(name);
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(line::add);
        // Short lives: Java's second compiler would take more time than it saves.
        line.addAll(List.of("-Xmx" + heap, "-XX:TieredStopAtLevel=1"));
        line.add("-Djava.io.tmpdir=" + own.resolve("tmp"));
        line.add("-Duser.home=" + own.resolve("home"));
        line.addAll(List.of("-cp", classpath));
        line.addAll(program);
        try {
            for (String part : List.of("current", "tmp", "home")) {
                Files.createDirectories(own.resolve(part));
            }
            ProcessBuilder builder = new ProcessBuilder(line)
                    .directory(own.resolve("current").toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(own.resolve("log").toFile());
            builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
            builder.environment().put("DJL_CACHE_DIR", libraryCache().toString());
            builder.environment().putAll(environment);
            return new JavaProcess(name, own, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Starts a command of ours under spark-submit.
     *
     * @param folder where the driver's own folder is made
     * @param name of that folder
     * @param settings Spark's
     * @param environment variables beside this process's own
     * @param command a command and its options
     */
    static JavaProcess submit(
            Path folder,
            String name,
            Map<String, String> settings,
            Map<String, String> environment,
            List<String> command) {
        List<String> program = new ArrayList<>(List.of("org.apache.spark.deploy.SparkSubmit"));
        settings.forEach((key, value) -> program.addAll(List.of("--conf", key + "=" + value)));
        program.addAll(List.of("--class", "io.deepfm.cli.Main", System.getProperty("assembly.jar")));
        program.addAll(command);
        return start(folder, name, "1g", sparkJars(), environment, program);
    }

    /** Where DJL keeps libtorch: in the user's home, and for these processes in the same place. */
    static Path libraryCache() {
        String set = System.getenv("DJL_CACHE_DIR");
        return set != null ? Path.of(set) : Path.of(System.getProperty("user.home"), ".djl.ai");
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** What it said so far. */
    String log() {
        return read(folder.resolve("log"));
    }

    /** Waits until it says something that fits the pattern. */
    Matcher await(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return await("said no " + pattern, () -> {
            Matcher matcher = compiled.matcher(log());
            return matcher.find() ? matcher : null;
        });
    }

    /** Waits until the process has brought something about; fails if it ends before. */
    <T> T await(String failure, Supplier<T> what) {
        Instant end = Instant.now().plus(PATIENCE);
        while (true) {
            boolean alive = process.isAlive();
            T found = what.get();
            if (found != null) {
                return found;
            }
            if (!alive || Instant.now().isAfter(end)) {
                throw new AssertionError(name + " " + failure + ", but:\n" + log());
            }
            sleep();
        }
    }

    /** Waits for its end. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError(name + " does not end:\n" + log());
        }
        return process.exitValue();
    }

    /** Ends it at once, with SIGKILL where there is such a thing. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** The files in its current folder, its temporary folder and its home. (JNA makes an empty folder in the home.) */
    List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        for (String part : List.of("current", "tmp", "home")) {
            try (Stream<Path> found = Files.walk(folder.resolve(part))) {
                found.filter(Files::isRegularFile).map(folder::relativize).forEach(files::add);
            }
        }
        return files;
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
