package io.deepfm.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * This program's code as one digest of all its classes and resources.
 *
 * <p>The build computes it from the compiled classes and puts it beside them, so that tests, the jar and the assembly,
 * whose classes are not the same bytes, have the same one. It counts for every stage: which classes have a part in a
 * stage's output nobody can list by hand and keep right.
 */
public final class Program {

    private static final String FILE = "io/deepfm/program.sha256";

    private Program() {}

    /**
     * Writes the digest of a folder of classes into that folder; the build calls this.
     *
     * @param folders the one folder, with all classes and resources of this program and nothing else
     * @throws IOException if it cannot be read or written to
     */
    public static void main(String[] folders) throws IOException {
        Path classes = Path.of(folders[0]);
        Files.writeString(classes.resolve(FILE), digest(classes));
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

    private static String digest(Path classes) throws IOException {
        Fingerprint all = new Fingerprint();
        try (Stream<Path> found = Files.walk(classes)) {
            // By names with slashes, which have the same order on all systems.
            List<String> names = found.filter(Files::isRegularFile)
                    .map(file -> classes.relativize(file).toString().replace('\\', '/'))
                    .filter(name -> !name.equals(FILE))
                    .sorted()
                    .toList();
            for (String name : names) {
                all.add(name, Files.readAllBytes(classes.resolve(name)));
            }
        }
        return all.hex();
    }
}
