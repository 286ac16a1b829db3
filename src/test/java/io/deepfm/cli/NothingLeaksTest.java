package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets are planted wherever a user may have to write one, and looked for in all that processes of the program leave and
 * say. Raw files, prepared data and the run lie on a file system whose URLs hold a password.
 */
@Tag("proof")
class NothingLeaksTest {

    /** In each planted secret, and nowhere else. */
    private static final String SECRET = "hunter2";

    private static final List<String> OPTIONS = List.of(
            "password = \"" + SECRET + " with more words " + SECRET + "\"",
            "api_token = " + SECRET,
            "\"fs.s3a.access.key\" = " + SECRET,
            "\"fs.s3a.secret.key\" = " + SECRET,
            "url = \"jdbc:postgresql://db/clicks?user=me&password=" + SECRET + "\"",
            "mode = PERMISSIVE");

    /** The local disk under URLs {@code planted://user:password@host/path}. */
    public static final class PasswordInUrl extends RawLocalFileSystem {
        private URI uri;

        @Override
        public void initialize(URI name, Configuration settings) throws IOException {
            uri = URI.create(name.getScheme() + "://" + name.getRawAuthority());
            super.initialize(name, settings);
        }

        @Override
        public URI getUri() {
            // Its superclass asks while it is made.
            return uri == null ? super.getUri() : uri;
        }

        @Override
        public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
            return plain(super.getFileStatus(path));
        }

        @Override
        public FileStatus[] listStatus(org.apache.hadoop.fs.Path path) throws IOException {
            return Stream.of(super.listStatus(path)).map(PasswordInUrl::plain).toArray(FileStatus[]::new);
        }

        /** Its superclass asks the file: scheme's files for their owners. */
        private static FileStatus plain(FileStatus status) {
            return new FileStatus(
                    status.getLen(),
                    status.isDirectory(),
                    status.getReplication(),
                    status.getBlockSize(),
                    status.getModificationTime(),
                    status.getPath());
        }
    }

    @TempDir
    private Path folder;

    private Path config;

    @BeforeEach
    void plant() throws IOException {
        RawFiles.write(folder);
        Path ratings = folder.resolve("raw/u.data");
        List<String> lines = new ArrayList<>(Files.readAllLines(ratings));
        lines.set(4, "5\t6\tgood\t881250949");
        Files.write(ratings, lines);
        Files.write(
                folder.resolve("raw/users.json"),
                IntStream.rangeClosed(1, 12)
                        .mapToObj("{\"user\": \"%d\"}"::formatted)
                        .toList());
        Files.createDirectory(folder.resolve("tmp"));
        config = Files.writeString(folder.resolve("planted.conf"), config());
    }

    @Test
    void noSecretIsInWhatRunsLeaveAndSayAndNoPortIsOpenToTheNetwork() throws Exception {
        Said pipeline = run("pipeline");
        assertThat(pipeline.exitCode()).as(pipeline.console()).isZero();
        Said table = run("recommend", "--output", folder.resolve("top").toString());
        assertThat(table.exitCode()).as(table.console()).isZero();

        assertThat(Files.readString(folder.resolve("run/results.json"))).contains("planted://(redacted)@host");
        assertThat(Files.readString(folder.resolve("run/model/dataset.json"))).contains("PERMISSIVE");
        assertThat(pipeline.console()).contains("planted://(redacted)@host").doesNotContain(SECRET);
        assertThat(table.console()).doesNotContain(SECRET);
        assertThat(filesWithTheSecret()).isEmpty();
        assumeThat(Files.exists(Path.of("/proc/self/net/tcp"))).isTrue();
        assertThat(pipeline.listening()).isNotEmpty().allMatch(address -> address.startsWith("127."));
    }

    @Test
    void noSecretIsInAnError() throws Exception {
        refuses(Main.EXIT_DATA, "ingest", "--verbose", "--override", "data.max_bad_rows=0");
        refuses(Main.EXIT_DATA, "score", "--verbose", "--checkpoint", "planted://me:" + SECRET + "@host/missing");
        refuses(
                Main.EXIT_CONFIG,
                "ingest",
                "--override",
                "dataset.interactions.options.password={ a = \"" + SECRET + " and " + SECRET + "\" }");
        refuses(Main.EXIT_CONFIG, "ingest", "--override", "dataset.interactions.password=" + SECRET + " " + SECRET);
        Files.writeString(config, config().replace("format = tsv", "format = excel"));
        refuses(Main.EXIT_CONFIG, "ingest", "--verbose");
        Files.writeString(config, config().replace("options {", "options = [{").replace("} #end", "}]"));
        refuses(Main.EXIT_CONFIG, "ingest", "--verbose");
        assertThat(filesWithTheSecret()).isEmpty();
    }

    private void refuses(int exitCode, String... command) {
        CommandRun run = inThisProcess(command);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.out() + run.err()).contains("error: ").doesNotContain(SECRET);
    }

    private CommandRun inThisProcess(String... command) {
        String key = "spark.hadoop.fs.planted.impl";
        System.setProperty(key, PasswordInUrl.class.getName());
        try {
            List<String> args = new ArrayList<>(List.of(command));
            args.addAll(1, List.of("--config", config.toString(), "--master", "local[1]"));
            return CommandRun.of(args.toArray(String[]::new));
        } finally {
            System.clearProperty(key);
        }
    }

    private record Said(int exitCode, String console, Set<String> listening) {}

    /** A process of its own, with secrets in its environment and in Spark's settings. */
    private Said run(String... command) throws Exception {
        List<String> line = new ArrayList<>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-opens"))
                .forEach(line::add);
        line.addAll(List.of(
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + folder.resolve("tmp"),
                "-Dspark.hadoop.fs.planted.impl=" + PasswordInUrl.class.getName(),
                "-Dspark.hadoop.fs.s3a.secret.key=" + SECRET,
                "-Dspark.ssl.keyStorePassword=" + SECRET,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                Main.class.getName()));
        line.addAll(List.of(command));
        line.addAll(List.of("--config", config.toString(), "--master", "local[1]"));
        File console = folder.resolve("console").toFile();
        ProcessBuilder builder =
                new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(console);
        builder.environment().put("AWS_SECRET_ACCESS_KEY", SECRET);
        builder.environment().put("DEEPFM_TOKEN", SECRET);
        Process process = builder.start();
        Set<String> listening = new TreeSet<>();
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(10);
        while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
            listening.addAll(listening(process.pid()));
            if (System.nanoTime() > end) {
                process.destroyForcibly();
            }
        }
        return new Said(process.exitValue(), Files.readString(console.toPath()), listening);
    }

    /** The addresses a process listens on, as Linux tells them: IPv4's, and that within an IPv6 address, in dots. */
    private static Set<String> listening(long pid) {
        Set<String> sockets = new HashSet<>();
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            for (Path file : files.toList()) {
                sockets.add(Files.readSymbolicLink(file).toString().replaceAll("socket:\\[(\\d+)]", "$1"));
            }
            Set<String> addresses = new TreeSet<>();
            for (String table : List.of("tcp", "tcp6")) {
                for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
                    String[] columns = line.strip().split("\\s+");
                    if (columns[3].equals("0A") && sockets.contains(columns[9])) {
                        addresses.add(address(columns[1]));
                    }
                }
            }
            return addresses;
        } catch (IOException e) {
            // The process or one of its files is gone; the next look finds what is still there.
            return Set.of();
        }
    }

    private static String address(String hexadecimal) {
        String last = hexadecimal.replaceAll(":.*", "");
        String inOrder = last.substring(last.length() - 8);
        return Stream.of(6, 4, 2, 0)
                .map(at -> Integer.toString(Integer.parseInt(inOrder.substring(at, at + 2), 16)))
                .collect(Collectors.joining("."));
    }

    private List<String> filesWithTheSecret() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            List<String> found = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(file -> !file.equals(config))
                    .toList()) {
                if (file.toString().contains(SECRET)
                        || new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(SECRET)) {
                    found.add(folder.relativize(file).toString());
                }
            }
            return found;
        }
    }

    private String config() {
        String url = "planted://me:" + SECRET + "@host" + folder;
        return """
                model_name = deepfm
                device = cpu
                output_dir = "%1$s/run"
                work_dir = "%1$s/work"
                data { dataset_name = planted, auto_download = false, num_neg_eval = 5, max_bad_rows = 0.2 }
                dnn.hidden_units = [8]
                training { batch_size = 64, epochs = 1, num_threads = 1 }
                dataset {
                  interactions {
                    path = "%1$s/raw/u.data"
                    format = tsv
                    columns = "user STRING, item STRING, rating INT, at BIGINT"
                  }
                  users {
                    path = "%1$s/raw/users.json"
                    format = "org.apache.spark.sql.execution.datasources.json.JsonFileFormat" # whose options nobody checks
                    options {
                      %2$s
                    } #end
                  }
                  user = user
                  item = item
                  time = at
                  label = "rating >= 4"
                  features = [{ name = user, type = sparse, group = user }, { name = item, type = sparse, group = item }]
                }
                """
                .formatted(url, String.join("\n", OPTIONS));
    }
}
