package io.deepfm.data.encode;

import io.deepfm.config.ConfigException;
import io.deepfm.config.Located;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.pipeline.Manifest;
import io.deepfm.schema.Tables;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.types.StructType;

/**
 * Features with one value at most, missing values apart: a model learns nothing from them, so they are left out of it.
 *
 * @param found by the feature's name what it has, such as {@code only the value a}
 */
public record ConstantFeatures(Map<String, String> found) {

    /** How the counts of a manifest begin that hold what was found. */
    private static final String PREFIX = "constant.";

    private static final int LONGEST_VALUE = 40;

    /** Copies what was found. */
    public ConstantFeatures {
        found = Map.copyOf(found);
    }

    /**
     * What a stage has found.
     *
     * @param manifest with {@link #counts}
     * @return the features that are left out
     */
    public static ConstantFeatures of(Manifest manifest) {
        Map<String, String> found = new TreeMap<>();
        manifest.rows().keySet().stream()
                .filter(name -> name.startsWith(PREFIX))
                // A feature's name has no dot.
                .map(name -> name.substring(PREFIX.length()).split("[.]", 2))
                .forEach(parts -> found.put(parts[0], parts[1]));
        return new ConstantFeatures(found);
    }

    /**
     * What a feature has.
     *
     * @param value its only value; null for none
     * @return for people, on one line
     */
    public static String describe(Object value) {
        if (value == null) {
            return "no value at all";
        }
        String text = value.toString().replaceAll("\\s+", " ");
        return "only the value " + (text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "..." : text);
    }

    /**
     * What a stage's manifest keeps of this.
     *
     * @return a count of 1 for each feature
     */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new TreeMap<>();
        found.forEach((name, what) -> counts.put(PREFIX + name + "." + what, 1L));
        return counts;
    }

    /** With the histories of items whose ids are left out. */
    private Map<String, String> all(DatasetDefinition dataset) {
        Map<String, String> all = new LinkedHashMap<>();
        boolean hasIds = dataset.itemFeature()
                .filter(feature -> !found.containsKey(feature.name().text()))
                .isPresent();
        for (FeatureDefinition feature : dataset.features()) {
            String name = feature.name().text();
            if (found.containsKey(name)) {
                all.put(name, found.get(name));
            } else if (feature.isItemHistory() && !hasIds) {
                all.put(name, "only items without an id");
            }
        }
        return all;
    }

    private List<FeatureDefinition> left(DatasetDefinition dataset) {
        Map<String, String> all = all(dataset);
        return dataset.features().stream()
                .filter(feature -> !all.containsKey(feature.name().text()))
                .toList();
    }

    /**
     * Refuses a dataset of which nothing is left.
     *
     * @param dataset all features
     * @param tables for a feature the columns of its table
     * @throws ConfigException if no feature with an embedding is left
     */
    public void requireSomeLeft(DatasetDefinition dataset, Function<FeatureDefinition, StructType> tables) {
        if (left(dataset).stream().anyMatch(FeatureDefinition::hasEmbedding)) {
            return;
        }
        Map<String, String> all = all(dataset);
        FeatureDefinition first = dataset.features().stream()
                .filter(feature -> all.containsKey(feature.name().text()))
                .findFirst()
                .orElseThrow();
        String columns = Arrays.stream(tables.apply(first).fieldNames())
                .filter(name -> !name.startsWith("_") && !Tables.RESERVED_RAW.contains(name))
                .collect(Collectors.joining(", "));
        throw first.name()
                .error("feature " + first.name() + " has "
                        + all.get(first.name().text())
                        + " in train, so the model cannot learn anything from it, and no other feature with an embedding"
                        + " is left. Correct its "
                        + (first.history().isPresent() ? "history" : "expression (" + first.expressionOrName() + ")")
                        + " or add a feature. Columns: " + columns + ".");
    }

    /**
     * The dataset that a model is made for.
     *
     * @param dataset all features
     * @return those that are left
     */
    public DatasetDefinition leftOf(DatasetDefinition dataset) {
        return found.isEmpty() ? dataset : dataset.withFeatures(left(dataset));
    }

    /**
     * What to tell of the features that are left out.
     *
     * @param dataset all features
     * @return a line for each, by its name, in the features' order
     */
    public Map<String, String> warnings(DatasetDefinition dataset) {
        Map<String, String> warnings = new LinkedHashMap<>();
        Map<String, String> all = all(dataset);
        for (FeatureDefinition feature : dataset.features()) {
            Located name = feature.name();
            if (all.containsKey(name.text())) {
                warnings.put(
                        name.text(),
                        "warning: " + (name.place().isEmpty() ? "" : name.place() + ": ") + "feature " + name + " has "
                                + all.get(name.text()) + " in train and is left out of the model");
            }
        }
        return warnings;
    }
}
