package io.deepfm.pipeline;

import java.nio.charset.StandardCharsets;
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
     * The fingerprint of all that was added; the object is used up.
     *
     * @return 64 hexadecimal digits
     */
    public String hex() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
