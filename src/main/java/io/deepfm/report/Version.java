package io.deepfm.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What this program was built from, as the build wrote it into {@code versions.properties}. */
public final class Version {

    private static final Properties VERSIONS = read();

    /** This program's version, as in the pom. */
    public static final String PROGRAM = VERSIONS.getProperty("deepfm-spark");
    /** The version of DJL, as in the pom. */
    public static final String DJL = VERSIONS.getProperty("djl");

    private Version() {}

    private static Properties read() {
        Properties versions = new Properties();
        try (InputStream in = Version.class.getResourceAsStream("/versions.properties")) {
            versions.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return versions;
    }
}
