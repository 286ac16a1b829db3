package io.deepfm.pipeline;

import io.deepfm.pipeline.program.JavaSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * This program's code as one digest of all its sources and resources.
 *
 * <p>The build computes it and puts it beside the classes, so that tests, the jar and the assembly, whose classes are not
 * the same bytes, have the same one, and so have the builds for different versions of Spark: each reads what the other
 * prepared. It is the same, too, where only comments or white space that were there have changed. It counts for
 * every stage: which classes have a part in a stage's output nobody can list by hand and keep right.
 */
public final class Program {

    private static final String FILE = "io/deepfm/program.sha256";

    private Program() {}

    /**
     * Writes the digest into the folder of the classes; the build calls this.
     *
     * @param folders that of the classes, with all resources as they are packed, and that of the Java sources
     * @throws IOException if they cannot be read or the first cannot be written to
     */
    public static void main(String[] folders) throws IOException {
        Path classes = Path.of(folders[0]);
        Fingerprint all = new Fingerprint();
        add(all, Path.of(folders[1]), name -> name.endsWith(".java"));
        add(all, classes, name -> !name.endsWith(".class") && !name.equals(FILE));
        Files.writeString(classes.resolve(FILE), all.hex());
    }

    /** The digest that the build wrote. */
    static String digest() {
        try (InputStream written = Program.class.getResourceAsStream("/" + FILE)) {
            if (written == null) {
                throw new IllegalStateException(
                        "There is no " + FILE + " beside the classes. Build with Maven: mvn process-classes");
            }
            return new String(written.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(Fingerprint all, Path folder, Predicate<String> counts) throws IOException {
        try (Stream<Path> found = Files.walk(folder)) {
            // By names with slashes, which have the same order on all systems.
            List<String> names = found.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString().replace('\\', '/'))
                    .filter(counts)
                    .sorted()
                    .toList();
            for (String name : names) {
                all.add(name, content(folder.resolve(name)));
            }
        }
    }

    private static byte[] content(Path file) throws IOException {
        return file.toString().endsWith(".java")
                ? JavaSource.code(Files.readString(file)).getBytes(StandardCharsets.UTF_8)
                : Files.readAllBytes(file);
    }
}
