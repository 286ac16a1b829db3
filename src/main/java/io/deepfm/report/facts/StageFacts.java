package io.deepfm.report.facts;

import java.util.Map;

/**
 * A stage that led to the results.
 *
 * @param name the stage's name
 * @param fingerprint of its inputs, settings and code
 * @param rows its row counts by name
 * @param seconds how long it took when it last ran, in this run or an earlier one
 */
public record StageFacts(String name, String fingerprint, Map<String, Long> rows, double seconds) {}
