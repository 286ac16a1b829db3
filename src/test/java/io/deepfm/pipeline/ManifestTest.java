package io.deepfm.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.storage.DataException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

    private static final Manifest SPLIT = new Manifest(
            "split",
            "c0ffee",
            Map.of("ingest", "beef"),
            Map.of("train", 80L, "test", 10L),
            List.of("split"),
            Map.of("split/train/a", new StoredFile(7, "5e1f")),
            1.5);

    @Test
    void whatIsWrittenAsJsonReadsBackEqual() {
        assertThat(Manifest.fromJson(SPLIT.toJson(), "split.json")).isEqualTo(SPLIT);
    }

    @Test
    void equalManifestsHaveEqualTextInWhateverOrderTheirRowsWereCounted() {
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("train", 80L);
        rows.put("test", 10L);
        Map<String, Long> otherOrder = new LinkedHashMap<>();
        otherOrder.put("test", 10L);
        otherOrder.put("train", 80L);
        assertThat(new Manifest("split", "c0ffee", Map.of(), rows, List.of(), Map.of(), 1.5).toJson())
                .isEqualTo(new Manifest("split", "c0ffee", Map.of(), otherOrder, List.of(), Map.of(), 1.5).toJson());
    }

    @Test
    void theOutputsOfAnEarlierVersionAreThoseOfItsFiles() {
        String earlier = SPLIT.toJson().replaceAll("(?s)\"outputs\".*?\\],", "");
        assertThat(earlier).doesNotContain("outputs");
        assertThat(Manifest.fromJson(earlier, "split.json")).isEqualTo(SPLIT);
    }

    @Test
    void anEarlierVersionNotedTheFilesLengthsAlone() {
        String earlier = SPLIT.toJson().replaceAll("(?s)(\"split/train/a\" : )\\{.*?\\}", "$1 7");
        assertThat(Manifest.fromJson(earlier, "split.json").files())
                .isEqualTo(Map.of("split/train/a", new StoredFile(7, null)));
    }

    @Test
    void rowsAreFoundByName() {
        assertThat(SPLIT.rows("train")).isEqualTo(80);
    }

    @Test
    void aNameThatWasNotCountedIsRefused() {
        assertThatThrownBy(() -> SPLIT.rows("validation"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("split", "validation");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "null", "{}", "{\"stage\": \"split\", \"rows\": 5}"})
    void textThatIsNoManifestIsRefusedByItsPlace(String text) {
        assertThatThrownBy(() -> Manifest.fromJson(text, "/work/manifests/split.json"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("/work/manifests/split.json", "--force");
    }
}
