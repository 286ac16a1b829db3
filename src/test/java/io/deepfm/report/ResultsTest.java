package io.deepfm.report;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultsTest {

    private record Written(double primitive, Map<String, Object> values) {}

    @Test
    void whatIsNoNumberIsNullAndATextIsAText() {
        String json = Results.json(
                new Written(Double.NaN, Map.of("auc", Double.NaN, "null_values", List.of("NaN"), "rate", 0.25)));
        Map<String, Object> read = Results.parse(json, "the test");
        assertThat(read).containsEntry("primitive", null);
        assertThat(read)
                .extractingByKey("values", as(MAP))
                .containsEntry("auc", null)
                .containsEntry("null_values", List.of("NaN"))
                .containsEntry("rate", 0.25);
    }
}
