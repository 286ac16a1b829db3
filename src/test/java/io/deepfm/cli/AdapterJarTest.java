package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A dataset whose class comes in a jar of its own, as the README shows. */
class AdapterJarTest {

    private static final String ADAPTER =
            """
            import io.deepfm.config.DataConfig;
            import io.deepfm.dataset.DatasetDefinition;
            import io.deepfm.dataset.DatasetAdapter;

            public final class Visits implements DatasetAdapter {
                public String name() {
                    return "visits";
                }

                public DatasetDefinition definition(DataConfig config) {
                    return DatasetDefinition.fromJson(\"""
                        {
                          "interactions": {"path": "%s/visits.csv", "header": true},
                          "label": "stayed = 'yes'",
                          "features": [{"name": "page", "type": "sparse"}]
                        }\""".formatted(config.dataDir()), "Visits");
                }
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void aClassInAJarOnTheClasspathIsADataset() throws IOException {
        Files.writeString(folder.resolve("visits.csv"), "page,stayed\nhome,yes\nshop,no\n");
        Path config = Files.writeString(
                folder.resolve("visits.conf"),
                """
                output_dir = "%s/run"
                work_dir = "%s/work"
                data { dataset_name = visits, data_dir = "%s", auto_download = false }
                """
                        .formatted(folder, folder, folder));
        String[] ingest = {"ingest", "--config", config.toString(), "--master", "local[1]"};
        assertThat(CommandRun.of(ingest).err()).contains("data.dataset_name: there is no visits");

        ClassLoader before = Thread.currentThread().getContextClassLoader();
        try (URLClassLoader withJar =
                new URLClassLoader(new URL[] {jar().toUri().toURL()}, before)) {
            Thread.currentThread().setContextClassLoader(withJar);
            CommandRun run = CommandRun.of(ingest);
            assertThat(run.err()).isEmpty();
            assertThat(run.out()).contains("2 interactions");
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private Path jar() throws IOException {
        Path source = Files.writeString(folder.resolve("Visits.java"), ADAPTER);
        int exitCode = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-proc:none",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        folder.toString(),
                        source.toString());
        assertThat(exitCode).isZero();
        Path jar = folder.resolve("visits.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            entries.putNextEntry(new JarEntry("Visits.class"));
            entries.write(Files.readAllBytes(folder.resolve("Visits.class")));
            entries.putNextEntry(new JarEntry("META-INF/services/io.deepfm.dataset.DatasetAdapter"));
            entries.write("Visits\n".getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }
}
