package io.deepfm.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A digest of all that a stage's output depends on. Order matters. */
public final class Fingerprint {

    private final MessageDigest digest;

    /** An empty fingerprint. */
    public Fingerprint() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

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
     * The fingerprint of all that was added; the object is used up.
     *
     * @return 64 hexadecimal digits
     */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
