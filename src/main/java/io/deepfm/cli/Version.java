package io.deepfm.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What this program was built from, as the build wrote it into {@code versions.properties}. */
final class Version implements IVersionProvider {

    private static final Properties VERSIONS = read();

    /** This program's version, as in the pom. */
    static final String PROGRAM = VERSIONS.getProperty("deepfm-spark");
    /** The version of DJL, as in the pom. */
    static final String DJL = VERSIONS.getProperty("djl");

    @Override
    public String[] getVersion() {
        return new String[] {"deepfm-spark " + PROGRAM};
    }

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
