package io.deepfm.config;

/** A setting that cannot be used; the message names its place, the value found and what to write instead. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message where the setting stands, what was found and what to do
     */
    public ConfigException(String message) {
        super(message);
    }
}
