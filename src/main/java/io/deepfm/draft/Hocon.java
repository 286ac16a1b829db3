package io.deepfm.draft;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Values as a configuration file takes them. */
final class Hocon {

    private Hocon() {}

    /** A text, in quotes where it needs them. */
    static String text(String value) {
        if (value.matches("[A-Za-z][A-Za-z0-9_-]*") && !value.matches("true|false|null|include|yes|no|on|off")) {
            return value;
        }
        return quoted(value);
    }

    /** A text in quotes. */
    static String quoted(String value) {
        try {
            // A JSON string is one of HOCON.
            return new ObjectMapper().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
