package io.deepfm.pipeline;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.HexFormat;
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
     * Adds the code of an extension: the jar that it came in, or its class where it came in a folder. What comes with
     * this program is part of every stage's fingerprint already.
     *
     * @param extension its class
     * @return this
     */
    public Fingerprint addExtension(Class<?> extension) {
        CodeSource source = extension.getProtectionDomain().getCodeSource();
        if (source.equals(Fingerprint.class.getProtectionDomain().getCodeSource())) {
            return this;
        }
        try {
            Path code = Path.of(source.getLocation().toURI());
            byte[] bytes = Files.isRegularFile(code)
                    ? Files.readAllBytes(code)
                    : Files.readAllBytes(code.resolve(extension.getName().replace('.', '/') + ".class"));
            return add(extension.getName(), bytes);
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException("Cannot read the code of " + extension.getName(), e);
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
