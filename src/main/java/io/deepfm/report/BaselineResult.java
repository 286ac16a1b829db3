package io.deepfm.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * How well a baseline ranks the candidate lists.
 *
 * @param settings those that are best on validation
 * @param valMetrics validation metrics; empty where it is absent
 * @param testMetrics test metrics; empty where it is absent
 * @param absent why there is no result, null where there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BaselineResult(
        Map<String, Object> settings, Map<String, Double> valMetrics, Map<String, Double> testMetrics, String absent) {

    /**
     * The result of a baseline that cannot be used.
     *
     * @param why a sentence
     * @return no metrics
     */
    public static BaselineResult absent(String why) {
        return new BaselineResult(Map.of(), Map.of(), Map.of(), why);
    }

    /**
     * Reads a result.
     *
     * @param storage the file systems
     * @param file what {@link #toJson} wrote
     * @return its content
     * @throws DataException if it cannot be read
     */
    public static BaselineResult read(Storage storage, Path file) {
        return Results.read(storage, file, BaselineResult.class);
    }

    /**
     * Writes it.
     *
     * @return a JSON object
     */
    public String toJson() {
        return Results.json(this);
    }
}
