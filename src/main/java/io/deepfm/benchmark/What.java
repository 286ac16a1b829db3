package io.deepfm.benchmark;

import com.fasterxml.jackson.annotation.JsonValue;
import io.deepfm.config.Choice;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be measured. */
public enum What {
    /** Steps of training over a sampled epoch in memory. */
    TRAIN("Training, samples per second"),
    /** The scorer over the validation split's candidate lists in memory. */
    SCORE("Scoring, candidates per second"),
    /** Steps of training over a synthetic click log, by the size of one field's vocabulary. */
    VOCABULARY("Training with one large vocabulary, samples per second"),
    /** Spark jobs that sample epochs. */
    SAMPLING("Sampling epochs, rows per second");

    private final String title;

    What(String title) {
        this.title = title;
    }

    /**
     * What to measure, by name.
     *
     * @param name in upper or lower case
     * @return what
     * @throws io.deepfm.config.ConfigException if there is no such thing; the message names those that there are
     */
    public static What of(String name) {
        return Arrays.stream(values())
                .filter(what -> what.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new Choice("--what", names(), List.of()).unknown(name));
    }

    static List<String> names() {
        return Arrays.stream(values()).map(What::toString).toList();
    }

    /** What it is, with its unit. */
    String title() {
        return title;
    }

    @Override
    @JsonValue
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
