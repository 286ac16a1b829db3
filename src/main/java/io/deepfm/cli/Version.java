package io.deepfm.cli;

/** The program's version. */
final class Version {

    /** As in the pom. */
    static final String VERSION = "0.1.0";

    private Version() {}
}
