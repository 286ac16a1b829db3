package io.deepfm.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** A server that speaks S3, a process of its own on loopback, with one bucket. */
final class S3Server implements AutoCloseable {

    static final String ACCESS_KEY = "access-key-of-the-test";
    static final String SECRET_KEY = "secret-key-of-the-test";

    private static final String BUCKET = "deepfm";

    private final int port;
    private final JavaProcess process;

    S3Server(Path folder) throws IOException, InterruptedException {
        port = freePort();
        // In memory, where a key is but a key; on a disk this server's folders are not the store's, and deleting fails.
        // The
        // bucket is made without a signature, so none is asked for.
        Path settings = Files.writeString(
                folder.resolve("s3.conf"),
                """
                s3proxy.endpoint=%s
                s3proxy.authorization=none
                jclouds.provider=transient
                jclouds.identity=any
                jclouds.credential=any
                """
                        .formatted(endpoint()));
        process = JavaProcess.start(
                folder,
                "s3-server",
                "512m",
                System.getProperty("s3.server.jar"),
                Map.of(),
                List.of("org.gaul.s3proxy.Main", "--properties", settings.toString()));
        process.await("Started .*ServerConnector");
        HttpRequest bucket = HttpRequest.newBuilder(URI.create(endpoint() + "/" + BUCKET))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        int status = HttpClient.newHttpClient()
                .send(bucket, HttpResponse.BodyHandlers.discarding())
                .statusCode();
        if (status != 200) {
            throw new AssertionError("No bucket: " + status + "\n" + process.log());
        }
    }

    /** Such as {@code s3a://deepfm}. */
    URI uri() {
        return URI.create("s3a://" + BUCKET);
    }

    /** What a client sets. */
    Map<String, String> clientSettings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("fs.s3a.endpoint", endpoint());
        settings.put("fs.s3a.endpoint.region", "us-east-1");
        settings.put("fs.s3a.path.style.access", "true");
        settings.put("fs.s3a.access.key", ACCESS_KEY);
        settings.put("fs.s3a.secret.key", SECRET_KEY);
        return settings;
    }

    Configuration configuration() {
        Configuration configuration = new Configuration();
        clientSettings().forEach(configuration::set);
        return configuration;
    }

    private String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
