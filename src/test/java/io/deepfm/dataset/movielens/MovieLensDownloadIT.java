package io.deepfm.dataset.movielens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.deepfm.SmallDisk;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MovieLensDownloadIT {

    @TempDir
    private Path folder;

    private final Storage storage = new Storage(new Configuration());
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    @Test
    void theFilesOfARightArchiveLieInTheFolder() throws Exception {
        byte[] zip = zip("ml-100k/u.data", "ml-100k/u.user");
        serve("/right", exchange -> answer(exchange, 200, zip));
        download("/right", zip);
        assertThat(folder.resolve("data/u.data")).hasContent("content of ml-100k/u.data");
        assertThat(folder.resolve("data/u.user")).exists();
        assertThat(leftOvers()).containsExactly("data");
    }

    @Test
    void aWrongChecksumIsAnErrorAndNothingIsUnpacked() throws Exception {
        serve("/wrong", exchange -> answer(exchange, 200, zip("ml-100k/u.data")));
        fails("/wrong", zip("ml-100k/other"), "MD5 checksum", "data.auto_download=false");
    }

    @Test
    void aTransferThatEndsEarlyIsTriedAgain() throws Exception {
        byte[] zip = zip("ml-100k/u.data");
        AtomicInteger tries = new AtomicInteger();
        serve("/cut", exchange -> {
            boolean cut = tries.incrementAndGet() == 1;
            exchange.sendResponseHeaders(200, zip.length);
            exchange.getResponseBody().write(zip, 0, cut ? zip.length / 2 : zip.length);
            exchange.close();
        });
        download("/cut", zip);
        assertThat(tries).hasValue(2);
        assertThat(folder.resolve("data/u.data")).exists();
    }

    @Test
    void aTransferThatAlwaysEndsEarlyIsAnError() throws Exception {
        byte[] zip = zip("ml-100k/u.data");
        AtomicInteger tries = new AtomicInteger();
        serve("/cut", exchange -> {
            tries.incrementAndGet();
            exchange.sendResponseHeaders(200, zip.length);
            exchange.getResponseBody().write(zip, 0, zip.length - 1);
            exchange.close();
        });
        fails("/cut", zip, "in the last of 2 attempts");
        assertThat(tries).hasValue(2);
    }

    @Test
    void aTransferOfUnknownLengthThatEndsEarlyIsAnError() throws Exception {
        byte[] zip = zip("ml-100k/u.data");
        serve("/cut", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(zip, 0, zip.length - 1);
        });
        fails("/cut", zip, "MD5 checksum");
    }

    @Test
    void aServerThatDoesNotAnswerOrOnlyDripsIsAnError() throws Exception {
        byte[] zip = zip("ml-100k/u.data");
        serve("/silent", exchange -> sleep(6000));
        serve("/drip", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            for (byte next : zip) {
                exchange.getResponseBody().write(next);
                exchange.getResponseBody().flush();
                sleep(100);
            }
        });
        fails("/silent", zip, "no response", "in the last of 2 attempts");
        fails("/drip", zip, "bytes came in 1.0 s", "in the last of 2 attempts");
    }

    @Test
    void aTransferThatStallsEnds() throws Exception {
        byte[] zip = zip("ml-100k/u.data");
        serve("/stalled", exchange -> {
            exchange.sendResponseHeaders(200, zip.length);
            exchange.getResponseBody().write(zip, 0, 10);
            exchange.getResponseBody().flush();
            sleep(6000);
        });
        fails("/stalled", zip, "no data received");
    }

    @Test
    void aMissingFileIsFinalAtOnce() {
        AtomicInteger tries = new AtomicInteger();
        serve("/missing", exchange -> {
            tries.incrementAndGet();
            answer(exchange, 404, new byte[0]);
        });
        fails("/missing", new byte[0], "status 404");
        assertThat(tries).hasValue(1);
    }

    @Test
    void aServersOwnErrorIsTriedAgain() throws Exception {
        byte[] zip = zip("ml-100k/u.data");
        AtomicInteger tries = new AtomicInteger();
        serve(
                "/flaky",
                exchange -> answer(
                        exchange, tries.incrementAndGet() == 1 ? 500 : 200, tries.get() == 1 ? new byte[0] : zip));
        download("/flaky", zip);
        assertThat(folder.resolve("data/u.data")).exists();
    }

    @Test
    void aServerThatOnlyHasErrorsIsAnError() {
        AtomicInteger tries = new AtomicInteger();
        serve("/broken", exchange -> {
            tries.incrementAndGet();
            answer(exchange, 500, new byte[0]);
        });
        fails("/broken", new byte[0], "status 500", "in the last of 2 attempts");
        assertThat(tries).hasValue(2);
    }

    @Test
    void aRedirectIsFollowedWithinTheSchemeOnly() throws Exception {
        byte[] zip = zip("ml-100k/u.data");
        serve("/right", exchange -> answer(exchange, 200, zip));
        serve("/moved", exchange -> redirect(exchange, "/right"));
        serve("/elsewhere", exchange -> redirect(exchange, "ftp://127.0.0.1/x.zip"));
        serve("/circle", exchange -> redirect(exchange, "/circle"));
        download("/moved", zip);
        assertThat(folder.resolve("data/u.data")).exists();
        storage.delete(hadoop(folder.resolve("data")));
        fails("/elsewhere", zip, "another scheme", "ftp://127.0.0.1/x.zip");
        fails("/circle", zip, "too many redirects");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "ml-100k/../../evil", "/etc/evil", "C:/evil", "ml-100k/deep/evil", "evil"})
    void anEntryThatWouldLeaveTheFolderIsRefused(String name) throws Exception {
        byte[] zip = zip("ml-100k/u.data", name);
        serve("/evil", exchange -> answer(exchange, 200, zip));
        fails("/evil", zip, name);
    }

    @Test
    void aLinkIsRefused() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            ZipArchiveEntry link = new ZipArchiveEntry("ml-100k/u.data");
            link.setUnixMode(0120777);
            zip.putArchiveEntry(link);
            zip.write("/etc/passwd".getBytes());
            zip.closeArchiveEntry();
        }
        serve("/link", exchange -> answer(exchange, 200, bytes.toByteArray()));
        fails("/link", bytes.toByteArray(), "is a link");
    }

    @Test
    void aBombIsRefused() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("ml-100k/u.data"));
            zip.write(new byte[20 << 20]);
        }
        serve("/bomb", exchange -> answer(exchange, 200, bytes.toByteArray()));
        fails("/bomb", bytes.toByteArray(), "too large when unpacked");
    }

    @Test
    void aBombOfManyFilesIsRefused() throws Exception {
        byte[] zip = zip("ml-100k/u.data", "ml-100k/u.user", "ml-100k/u.item");
        Path archive = Files.write(folder.resolve("archive.zip"), zip);
        long bytes = "content of ml-100k/u.data".length();
        ZipArchive.unpack(archive, hadoop(folder.resolve("data")), storage, 3 * bytes);
        assertThatThrownBy(() -> ZipArchive.unpack(archive, hadoop(folder.resolve("data")), storage, 3 * bytes - 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("'ml-100k/u.item' is too large when unpacked");
        String[] names = IntStream.range(0, 1001).mapToObj(i -> "ml-100k/" + i).toArray(String[]::new);
        byte[] many = zip(names);
        serve("/many", exchange -> answer(exchange, 200, many));
        Files.delete(archive);
        FileUtils.deleteDirectory(folder.resolve("data").toFile());
        fails("/many", many, "1001 entries");
    }

    @Test
    void anArchiveThatIsNoneOrCutOrHasAFileTwiceIsRefused() throws Exception {
        byte[] text = "no zip file".getBytes();
        byte[] cut = Arrays.copyOf(zip("ml-100k/u.data", "ml-100k/u.user"), 100);
        byte[] twice = new String(zip("ml-100k/u.data", "ml-100k/u.dat2"), StandardCharsets.ISO_8859_1)
                .replace("u.dat2", "u.data")
                .getBytes(StandardCharsets.ISO_8859_1);
        serve("/text", exchange -> answer(exchange, 200, text));
        serve("/cut", exchange -> answer(exchange, 200, cut));
        serve("/twice", exchange -> answer(exchange, 200, twice));
        fails("/text", text, "data.auto_download=false");
        fails("/cut", cut, "data.auto_download=false");
        fails("/twice", twice, "two entries 'ml-100k/u.data'");
    }

    @Test
    void onAFullDiskNothingIsLeftAndWhatWasThereStays() throws Exception {
        try (SmallDisk small = SmallDisk.mount(folder.resolve("disk"), "256k")) {
            Path disk = small.path();
            Files.writeString(disk.resolve("older"), "stays");
            byte[] noise = new byte[1 << 20];
            new Random(1).nextBytes(noise);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                zip.putNextEntry(new ZipEntry("ml-100k/u.user"));
                zip.write(1);
                zip.putNextEntry(new ZipEntry("ml-100k/u.data"));
                zip.write(noise);
            }
            byte[] zip = bytes.toByteArray();
            serve("/large", exchange -> answer(exchange, 200, zip));
            assertThatThrownBy(() -> downloader("/large", zip).into(hadoop(disk.resolve("data")), storage))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("No space left on device");
            assertThat(disk.toFile().list()).containsExactly("older");
            assertThat(disk.resolve("older")).hasContent("stays");
        }
    }

    @Test
    void aFolderThatCannotBeWrittenIsAnError() throws Exception {
        byte[] zip = zip("ml-100k/u.data");
        serve("/right", exchange -> answer(exchange, 200, zip));
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        assertThatThrownBy(() -> downloader("/right", zip).into(hadoop(file.resolve("below/data")), storage))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("Cannot write");
        assertThat(file).hasContent("in the way");
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private void serve(String path, Handler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
    }

    private void fails(String path, byte[] expected, String... fragments) {
        assertThatThrownBy(() -> download(path, expected))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("http://")
                .hasMessageContainingAll(fragments);
        assertThat(leftOvers()).isEmpty();
    }

    private void download(String path, byte[] expected) {
        downloader(path, expected).into(hadoop(folder.resolve("data")), storage);
    }

    private MovieLensDownload downloader(String path, byte[] expected) {
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        return new MovieLensDownload(
                uri, md5(expected), Duration.ofSeconds(2), Duration.ofSeconds(1), 2, Duration.ofMillis(10));
    }

    private List<String> leftOvers() {
        return List.of(folder.toFile().list());
    }

    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path(path.toUri());
    }

    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(("content of " + name).getBytes());
            }
        }
        return bytes.toByteArray();
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static void redirect(HttpExchange exchange, String location) throws IOException {
        exchange.getResponseHeaders().add("Location", location);
        exchange.sendResponseHeaders(302, -1);
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
