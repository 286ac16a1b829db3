package io.deepfm.data.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.pipeline.Manifest;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class ConstantFeaturesTest {

    private static final DatasetDefinition DATASET = DatasetDefinition.fromJson(
            """
            {
              interactions { path = x, header = true }, user = u, item = i, time = t
              features = [
                { name = u, type = sparse, group = user }
                { name = i, type = sparse, group = item }
                { name = n, type = dense, embedding_dim = 0 }
                { name = last, type = sequence, history { of = item, last = 3 } }
                { name = gap, type = dense, history { of = gap } }
              ]
            }
            """,
            "a test");

    @Test
    void constantFeaturesAreLeftOutAndTheOthersStayInOrder() {
        ConstantFeatures constant = new ConstantFeatures(Map.of("n", "no value at all", "u", "only the value a"));

        assertThat(names(constant.leftOf(DATASET))).containsExactly("i", "last", "gap");
        assertThat(constant.warnings(DATASET))
                .containsExactly(
                        Map.entry(
                                "u",
                                "warning: a test: 4: feature u has only the value a in train and is left out of the"
                                        + " model"),
                        Map.entry(
                                "n",
                                "warning: a test: 6: feature n has no value at all in train and is left out of the"
                                        + " model"));
    }

    @Test
    void withoutConstantFeaturesTheDatasetIsAsItWas() {
        ConstantFeatures none = new ConstantFeatures(Map.of());
        assertThat(none.leftOf(DATASET)).isSameAs(DATASET);
        assertThat(none.warnings(DATASET)).isEmpty();
        assertThat(none.counts()).isEmpty();
    }

    /** Their ids are the item's, of which there is none. */
    @Test
    void historiesOfItemsGoWithTheItemsOwnFeature() {
        ConstantFeatures constant = new ConstantFeatures(Map.of("i", "only the value 7"));
        assertThat(names(constant.leftOf(DATASET))).containsExactly("u", "n", "gap");
        assertThat(constant.warnings(DATASET)).containsOnlyKeys("i", "last");
        assertThat(constant.warnings(DATASET).get("last")).contains("feature last has only items without an id");
    }

    @Test
    void aManifestKeepsThem() {
        ConstantFeatures constant =
                new ConstantFeatures(Map.of("n", "only the value 0.5", "u", ConstantFeatures.describe(null)));
        Map<String, Long> counts = new java.util.TreeMap<>(constant.counts());
        counts.put("users", 3L);
        Manifest manifest = new Manifest("encode", "f", Map.of(), counts, List.of(), Map.of(), 1);
        assertThat(ConstantFeatures.of(manifest)).isEqualTo(constant);
    }

    @Test
    void aLongValueIsShownOnOneShortLine() {
        assertThat(ConstantFeatures.describe("a\nb" + "c".repeat(100)))
                .isEqualTo("only the value a b" + "c".repeat(37) + "...");
    }

    /** What is passed through cannot be a model alone. */
    @Test
    void aDatasetThatHasNoFeatureLeftIsAnError() {
        StructType columns =
                new StructType().add("u", "string").add("_row", "long").add("t", "long");
        assertThatCode(() -> new ConstantFeatures(Map.of("u", "x", "i", "y")).requireSomeLeft(DATASET, of -> columns))
                .doesNotThrowAnyException();
        assertThatThrownBy(
                        () -> new ConstantFeatures(Map.of("i", "no value at all", "u", "only the value a", "gap", "z"))
                                .requireSomeLeft(DATASET, of -> columns))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "a test: 4: feature u has only the value a in train, so the model cannot learn anything from"
                                + " it, and no other feature with an embedding is left. Correct its expression (u) or add a"
                                + " feature. Columns: u, t.");
    }

    private static List<String> names(DatasetDefinition dataset) {
        return dataset.features().stream().map(feature -> feature.name().text()).toList();
    }
}
