package io.deepfm.cli;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** HDFS: Hadoop's namenode and two datanodes, every one a process of its own on loopback. */
final class Hdfs implements AutoCloseable {

    private static final int DATANODES = 2;
    private static final String ANY_PORT = "127.0.0.1:0";

    private final Path folder;
    private final URI uri;
    private final JavaProcess namenode;
    private final List<JavaProcess> datanodes = new ArrayList<>();

    Hdfs(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        this.uri = URI.create("hdfs://127.0.0.1:" + freePort());
        Map<String, String> settings = Map.of(
                "dfs.namenode.rpc-address",
                uri.getAuthority(),
                "dfs.namenode.http-address",
                ANY_PORT,
                "dfs.namenode.name.dir",
                folder.resolve("names").toString(),
                // Who opened a file: a task says so.
                "hadoop.caller.context.enabled",
                "true");
        JavaProcess format = start("format", "namenode.NameNode", settings, "-format");
        if (format.exitCode() != 0) {
            throw new AssertionError(format.log());
        }
        namenode = start("namenode", "namenode.NameNode", settings);
        namenode.await("NameNode RPC up at");
        for (int i = 0; i < DATANODES; i++) {
            datanodes.add(start(
                    "datanode-" + i,
                    "datanode.DataNode",
                    Map.of(
                            "fs.defaultFS", uri.toString(),
                            "dfs.datanode.data.dir",
                                    folder.resolve("blocks-" + i).toString(),
                            "dfs.datanode.address", ANY_PORT,
                            "dfs.datanode.ipc.address", ANY_PORT,
                            "dfs.datanode.http.address", ANY_PORT)));
        }
        datanodes.forEach(
                datanode -> datanode.await("Successfully registered with NN|successfully registered with NN"));
    }

    private JavaProcess start(String name, String server, Map<String, String> settings, String... arguments) {
        List<String> program =
                new ArrayList<>(List.of("-Dlog4j2.level=INFO", "org.apache.hadoop.hdfs.server." + server));
        settings.forEach((key, value) -> program.add("-D" + key + "=" + value));
        program.addAll(List.of(arguments));
        String classpath = System.getProperty("hdfs.jar") + File.pathSeparator + JavaProcess.sparkJars();
        return JavaProcess.start(folder, name, "256m", classpath, Map.of(), program);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Such as {@code hdfs://127.0.0.1:8020}. */
    URI uri() {
        return uri;
    }

    /** What a client sets: both datanodes get each block. */
    static Map<String, String> clientSettings() {
        return Map.of("dfs.replication", "2", "hadoop.caller.context.enabled", "true");
    }

    FileSystem fileSystem() throws IOException {
        Configuration configuration = new Configuration();
        clientSettings().forEach(configuration::set);
        return FileSystem.get(uri, configuration);
    }

    /** Kills a datanode. */
    void stopDatanode() throws InterruptedException {
        datanodes.get(0).kill();
    }

    /** What the namenode noted of clients' calls, one line per call. */
    List<String> audit() {
        return namenode.log().lines().filter(line -> line.contains("cmd=")).toList();
    }

    @Override
    public void close() {
        datanodes.forEach(JavaProcess::close);
        namenode.close();
    }
}
