package io.deepfm.pipeline;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;

/** A digest of all that a stage's output depends on. Order matters. */
public final class Fingerprint {

    private final MessageDigest digest = DigestUtils.getSha256Digest();

    /**
     * Adds a value by its text.
     *
     * @param name what it is
     * @param value its value; records print their components
     * @return this
     */
    public Fingerprint add(String name, Object value) {
        digest.update((name + "=" + value + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /**
     * Adds a content.
     *
     * @param name what it is
     * @param bytes such as a file's
     * @return this
     */
    public Fingerprint add(String name, byte[] bytes) {
        add(name, (Object) bytes.length);
        digest.update(bytes);
        return this;
    }

    /**
     * Adds the compiled code of classes, so that a changed stage runs again.
     *
     * @param types the classes that compute the output
     * @return this
     */
    public Fingerprint addCode(Class<?>... types) {
        for (Class<?> type : types) {
            String resource = "/" + type.getName().replace('.', '/') + ".class";
            try (InputStream code = type.getResourceAsStream(resource)) {
                digest.update(code.readAllBytes());
            } catch (IOException e) {
                throw new IllegalStateException("Cannot read " + resource, e);
            }
        }
        return this;
    }

    /**
     * Adds the compiled code of whole packages of this program, for what many classes have a part in.
     *
     * @param packages such as {@code model}, with those below it
     * @return this
     */
    public Fingerprint addPackages(String... packages) {
        try {
            Path program = Path.of(Fingerprint.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            if (Files.isDirectory(program)) {
                addPackages(program, packages);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(program)) {
                    addPackages(jar.getPath("/"), packages);
                }
            }
            return this;
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("Cannot read the program's own classes", e);
        }
    }

    private void addPackages(Path program, String... packages) throws IOException {
        for (String name : packages) {
            try (Stream<Path> files = Files.walk(program.resolve("io/deepfm/" + name))) {
                for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
    }

    /**
     * The fingerprint of all that was added; the object is used up.
     *
     * @return 64 hexadecimal digits
     */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
