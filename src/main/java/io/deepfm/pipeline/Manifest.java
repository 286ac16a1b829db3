package io.deepfm.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.deepfm.storage.DataException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Describes the output of a finished stage. It is written last: no manifest, no output.
 *
 * @param stage the stage's name
 * @param fingerprint the digest of inputs, settings and code
 * @param inputs the fingerprints of the stages and files that were read
 * @param rows row counts by name
 * @param outputs the entries of the work directory that it wrote
 * @param files what all files of the output hold, by their paths in the work directory
 * @param seconds how long it took
 */
public record Manifest(
        String stage,
        String fingerprint,
        Map<String, String> inputs,
        Map<String, Long> rows,
        List<String> outputs,
        Map<String, StoredFile> files,
        double seconds) {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /** Sorts the maps, so that equal manifests have equal text. */
    public Manifest {
        Objects.requireNonNull(stage, "stage is missing");
        Objects.requireNonNull(fingerprint, "fingerprint is missing");
        inputs = new TreeMap<>(inputs);
        rows = new TreeMap<>(rows);
        // Earlier versions did not list them.
        files = files == null ? new TreeMap<>() : new TreeMap<>(files);
        outputs = outputs == null
                ? files.keySet().stream()
                        .map(file -> file.replaceFirst("/.*", ""))
                        .distinct()
                        .toList()
                : List.copyOf(outputs);
    }

    /**
     * The count under a name.
     *
     * @param name such as {@code train}
     * @return the rows
     */
    public long rows(String name) {
        Long count = rows.get(name);
        if (count == null) {
            throw new IllegalArgumentException("Stage " + stage + " has no row count for " + name);
        }
        return count;
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static Manifest fromJson(String json, String place) {
        try {
            return Objects.requireNonNull(JSON.readValue(json, Manifest.class), "null");
        } catch (JsonProcessingException | NullPointerException e) {
            String why = e instanceof JsonProcessingException bad ? bad.getOriginalMessage() : e.getMessage();
            throw new DataException(
                    frontEnd -> "The manifest " + place + " cannot be read: " + why + ". " + frontEnd.replace(), e);
        }
    }
}
