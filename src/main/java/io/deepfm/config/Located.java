package io.deepfm.config;

/**
 * A text of the configuration that can only be checked against the data, and where it stands, for the error message.
 *
 * @param text the value
 * @param place such as {@code conf/my.conf:12}; empty where it comes from a program
 */
public record Located(String text, String place) {

    /**
     * A text that comes from a program.
     *
     * @param text the value
     * @return without a place
     */
    public static Located of(String text) {
        return new Located(text, "");
    }

    /**
     * An error about this text.
     *
     * @param problem what is wrong with it and what to do
     * @return an exception whose message begins with the place
     */
    public ConfigException error(String problem) {
        return new ConfigException((place.isEmpty() ? "" : place + ": ") + problem);
    }

    /** Where a text stands makes no difference. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Located located && located.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** The text alone, so that fingerprints do not depend on where it stands. */
    @Override
    public String toString() {
        return text;
    }
}
