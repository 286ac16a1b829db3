package io.deepfm.config;

import io.deepfm.advice.FrontEnd;
import io.deepfm.advice.UserException;
import java.util.function.Function;

/** A setting that cannot be used; the message names its place, the value found and what to write instead. */
public final class ConfigException extends UserException {
    private static final long serialVersionUID = 1L;

    /**
     * @param message where the setting stands, what was found and what to do
     */
    public ConfigException(String message) {
        this(frontEnd -> message);
    }

    /**
     * @param message where the setting stands, what was found and what to do in a front end's terms
     */
    public ConfigException(Function<FrontEnd, String> message) {
        super(message, null);
    }
}
