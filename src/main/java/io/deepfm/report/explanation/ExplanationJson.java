package io.deepfm.report.explanation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.deepfm.explanation.FieldImportance;
import io.deepfm.explanation.FieldMatrix;
import io.deepfm.explanation.ModelExplanation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The content of {@code explain.json}. A number that is not defined is null there. */
public final class ExplanationJson {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ExplanationJson() {}

    /**
     * Writes it.
     *
     * @param explanation what matters
     * @param model the model's fingerprint
     * @return a JSON object
     */
    public static String of(ModelExplanation explanation, String model) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("model", model);
        all.put("metric", explanation.metric());
        all.put("value", explanation.value());
        all.put("lists", explanation.lists());
        all.put("all_lists", explanation.allLists());
        all.put("candidates", explanation.candidates());
        all.put(
                "fields",
                explanation.fields().stream().map(ExplanationJson::field).toList());
        Map<String, Object> pairs = new LinkedHashMap<>();
        explanation
                .interactions()
                .pairs()
                .forEach(head -> pairs.put(
                        head.name(),
                        head.pairs().stream().map(ExplanationJson::pair).toList()));
        all.put("pairs", pairs);
        all.put(
                "attention",
                explanation.interactions().attention().stream()
                        .map(layer -> layer.stream().map(ExplanationJson::head).toList())
                        .toList());
        try {
            // Jackson writes NaN as the text "NaN", which no JSON reader takes for a number.
            return JSON.writeValueAsString(all).replace("\"NaN\"", "null");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, Object> field(FieldImportance field) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("field", field.field());
        entry.put("group", field.group().name().toLowerCase(Locale.ROOT));
        entry.put("lost", field.mean());
        entry.put("deviation", field.deviation());
        entry.put("lost_by_repeat", field.lost());
        return entry;
    }

    private static Map<String, Object> pair(FieldMatrix.Pair pair) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("fields", List.of(pair.first(), pair.second()));
        entry.put("strength", pair.value());
        return entry;
    }

    private static Map<String, Object> head(FieldMatrix head) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", head.name());
        entry.put("fields", head.fields());
        entry.put("weights", head.values());
        return entry;
    }
}
