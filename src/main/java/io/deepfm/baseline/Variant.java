package io.deepfm.baseline;

import java.util.Map;
import java.util.function.Supplier;

/**
 * A baseline with one choice of its settings.
 *
 * @param settings the choice, as results.json tells it: numbers and texts by name, in the order of the map
 * @param fit learns from the training interactions
 */
public record Variant(Map<String, Object> settings, Supplier<ItemScores> fit) {}
