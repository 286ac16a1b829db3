package io.deepfm.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * How well a baseline ranks the candidate lists.
 *
 * @param settings those that are best on validation
 * @param valMetrics validation metrics; empty where it is absent
 * @param testMetrics test metrics; empty where it is absent
 * @param testRanks how many ranked lists of test have their held-out item at rank 1, 2, ... {@link #RANKS}; null where nothing
 *     is ranked
 * @param absent why there is no result, null where there is one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record BaselineResult(
        Map<String, Object> settings,
        Map<String, Double> valMetrics,
        Map<String, Double> testMetrics,
        List<Long> testRanks,
        String absent) {

    /** The last rank that is counted. */
    public static final int RANKS = 100;

    /**
     * The result of a baseline that cannot be used.
     *
     * @param why a sentence
     * @return no metrics
     */
    public static BaselineResult absent(String why) {
        return new BaselineResult(Map.of(), Map.of(), Map.of(), null, why);
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
