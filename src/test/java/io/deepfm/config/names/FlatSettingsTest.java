package io.deepfm.config.names;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlatSettingsTest {

    @Test
    void elementsGoByTheirNamesAndOtherListsAreValues() {
        assertThat(FlatSettings.of(Map.of(
                        "features", List.of(Map.of("name", "age", "embedding_dim", 4)),
                        "evaluation", Map.of("ks", List.of(5, 10), "baselines", List.of()))))
                .isEqualTo(Map.of(
                        "features.age.name",
                        "age",
                        "features.age.embedding_dim",
                        4,
                        "evaluation.ks",
                        List.of(5, 10),
                        "evaluation.baselines",
                        List.of()));
    }

    @Test
    void placesAndWhatWasNotThereBeforeAreNoDifferences() {
        assertThat(FlatSettings.differences(
                        Map.of("seed", 42, "training.lr", 1e-3, "output_dir", "a"),
                        Map.of("seed", 42, "training.lr", 1e-2, "output_dir", "b", "training.new", 1)))
                .containsExactly("training.lr = 0.001, now 0.01");
    }
}
