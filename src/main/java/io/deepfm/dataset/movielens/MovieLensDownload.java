package io.deepfm.dataset.movielens;

import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.FSError;

/**
 * Downloads, verifies and unpacks an archive of raw files. Only a verified archive is ever unpacked, and only whole.
 *
 * @param source where the archive is
 * @param md5 its checksum, 32 hexadecimal digits: GroupLens publishes no other
 * @param timeout how long to wait for a connection, and for the next bytes
 * @param longest how long one attempt may take from the first byte to the last
 * @param attempts how often to try where trying again may help
 * @param pause the pause before the second attempt; it doubles from there
 */
record MovieLensDownload(URI source, String md5, Duration timeout, Duration longest, int attempts, Duration pause) {

    private static final int MOST_REDIRECTS = 5;
    private static final long MOST_BYTES = 200L << 20;

    /** A failure that another attempt may mend. */
    private static final class Transient extends IOException {
        private static final long serialVersionUID = 1L;

        Transient(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** MovieLens-100K from its publisher. */
    static MovieLensDownload standard() {
        return new MovieLensDownload(
                URI.create("https://files.grouplens.org/datasets/movielens/ml-100k.zip"),
                "0e33842e24a9c977be4e0107933c0723",
                Duration.ofSeconds(30),
                Duration.ofMinutes(30),
                4,
                Duration.ofSeconds(2));
    }

    /**
     * Downloads the archive and unpacks it.
     *
     * @param folder where the archive's files will be; it appears whole or not at all
     * @param storage the file systems
     * @throws DataException if the archive cannot be had or is not the right one
     */
    void into(org.apache.hadoop.fs.Path folder, Storage storage) {
        Path archive = null;
        org.apache.hadoop.fs.Path unpacked =
                new org.apache.hadoop.fs.Path(folder.getParent(), ".tmp-download-" + UUID.randomUUID());
        try {
            archive = Files.createTempFile("deepfm-download", ".zip");
            fetch(archive);
            ZipArchive.unpack(archive, unpacked, storage);
            storage.move(unpacked, folder);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(folder, "the download was interrupted", e);
        } catch (IOException | RuntimeException | FSError e) {
            // FSError is what Hadoop makes of a full disk.
            storage.delete(unpacked);
            throw failed(folder, e.getMessage(), e);
        } finally {
            delete(archive);
        }
    }

    private void fetch(Path archive) throws IOException, InterruptedException {
        long millis = pause.toMillis();
        for (int attempt = 1; ; attempt++) {
            try {
                fetchOnce(archive);
                return;
            } catch (Transient e) {
                if (attempt >= attempts) {
                    throw new IOException(e.getMessage() + ", in the last of " + attempts + " attempts", e);
                }
                Thread.sleep(millis);
                millis *= 2;
            }
        }
    }

    private void fetchOnce(Path archive) throws IOException, InterruptedException {
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        HttpResponse<InputStream> response = get(client, source, MOST_REDIRECTS);
        MessageDigest digest = DigestUtils.getMd5Digest();
        try (InputStream body = response.body();
                OutputStream file = new DigestOutputStream(Files.newOutputStream(archive), digest)) {
            copy(
                    body,
                    file,
                    response.headers().firstValueAsLong("Content-Length").orElse(-1));
        }
        String found = HexFormat.of().formatHex(digest.digest());
        if (!found.equals(md5)) {
            throw new IOException("its MD5 checksum is " + found + ", expected " + md5);
        }
    }

    private HttpResponse<InputStream> get(HttpClient client, URI uri, int redirects)
            throws IOException, InterruptedException {
        HttpResponse<InputStream> response;
        try {
            HttpRequest request = HttpRequest.newBuilder(uri).timeout(timeout).build();
            response = client.send(request, BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new Transient("no response (" + reason(e) + ")", e);
        }
        int status = response.statusCode();
        if (status == 200) {
            return response;
        }
        response.body().close();
        if (status / 100 == 3) {
            return get(client, redirect(uri, response, redirects), redirects - 1);
        }
        if (status >= 500 || status == 408 || status == 429) {
            throw new Transient("the server responded with status " + status, null);
        }
        throw new IOException("the server responded with status " + status);
    }

    private static URI redirect(URI from, HttpResponse<?> response, int redirects) throws IOException {
        String location = response.headers()
                .firstValue("Location")
                .orElseThrow(() -> new IOException("the server redirects without a location"));
        URI to = from.resolve(location);
        if (redirects == 0) {
            throw new IOException("too many redirects");
        }
        if (!from.getScheme().equals(to.getScheme())) {
            throw new IOException("the server redirects to another scheme, " + to);
        }
        return to;
    }

    /** Copies with a limit on each wait: the client's own limit ends when the headers are there. */
    private void copy(InputStream body, OutputStream file, long expected) throws IOException, InterruptedException {
        byte[] buffer = new byte[1 << 16];
        long start = System.nanoTime();
        long copied = 0;
        int count;
        while ((count = read(body, buffer)) >= 0) {
            if (System.nanoTime() - start > longest.toNanos()) {
                throw new Transient("only " + copied + " bytes came in " + longest.toMillis() / 1000.0 + " s", null);
            }
            file.write(buffer, 0, count);
            copied += count;
            if (copied > MOST_BYTES) {
                throw new IOException("it is larger than " + (MOST_BYTES >> 20) + " MiB");
            }
        }
        if (expected >= 0 && copied != expected) {
            throw new Transient("it ended after " + copied + " of " + expected + " bytes", null);
        }
    }

    private int read(InputStream body, byte[] buffer) throws IOException, InterruptedException {
        CompletableFuture<Integer> read = CompletableFuture.supplyAsync(() -> {
            try {
                return body.read(buffer);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        try {
            return read.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new Transient("no data received for " + timeout.toMillis() / 1000.0 + " s", e);
        } catch (ExecutionException e) {
            throw new Transient("the connection was lost (" + reason(e.getCause()) + ")", e);
        }
    }

    private DataException failed(org.apache.hadoop.fs.Path folder, String why, Throwable e) {
        return new DataException(
                "Cannot download " + source + ": " + why + ".\nDownload it yourself, unpack its files into " + folder
                        + " and set data.auto_download=false.",
                e);
    }

    private static String reason(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private static void delete(Path archive) {
        try {
            if (archive != null) {
                Files.deleteIfExists(archive);
            }
        } catch (IOException e) {
            archive.toFile().deleteOnExit();
        }
    }
}
