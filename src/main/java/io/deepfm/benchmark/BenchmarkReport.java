package io.deepfm.benchmark;

import io.deepfm.report.Results;
import java.util.List;
import java.util.Map;

/**
 * What a benchmark found.
 *
 * @param date when it ended, ISO 8601 in UTC
 * @param machine what it ran on, and versions
 * @param settings rounds, seconds and what decides the work
 * @param runs all runs, in their order
 * @param summary medians, spread and ratios
 */
public record BenchmarkReport(
        String date, Map<String, Object> machine, Map<String, Object> settings, List<Run> runs, List<Summary> summary) {

    /**
     * Writes it.
     *
     * @return a JSON object
     */
    public String toJson() {
        return Results.json(this);
    }
}
