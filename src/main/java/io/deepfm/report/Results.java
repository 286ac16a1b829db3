package io.deepfm.report;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;

/**
 * The content of {@code results.json}. A metric that is not defined is null there.
 *
 * @param runId the time of the run and the model's name
 * @param timestamp when the run ended, ISO 8601 in UTC
 * @param config all settings, under the keys of the configuration files
 * @param valMetrics validation metrics of the best epoch's weights
 * @param testMetrics test metrics of the best epoch's weights
 * @param baselines the baselines on the same candidate lists, by name
 * @param constantRate what the training rows' share of positives is worth; null where they have one class
 * @param warnings what a reader of the metrics should know
 * @param trainingInfo best_epoch, total_epochs and more
 * @param data row counts by stage
 * @param timings seconds by stage
 * @param environment versions, device, cores
 */
public record Results(
        String runId,
        String timestamp,
        Map<String, Object> config,
        Map<String, Double> valMetrics,
        Map<String, Double> testMetrics,
        Map<String, BaselineResult> baselines,
        ConstantRate constantRate,
        List<String> warnings,
        Provenance.TrainingInfo trainingInfo,
        Map<String, Map<String, Long>> data,
        Map<String, Object> timings,
        Map<String, Object> environment) {

    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .registerModule(new SimpleModule()
                    .addSerializer(Double.class, new NanAsNull())
                    .addSerializer(double.class, new NanAsNull()));

    /** Jackson writes NaN as the text "NaN", which no JSON reader takes for a number. */
    private static final class NanAsNull extends JsonSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator json, SerializerProvider any) throws IOException {
            if (value.isNaN()) {
                json.writeNull();
            } else {
                json.writeNumber(value);
            }
        }
    }

    /** Copies the warnings, of which earlier versions wrote none. */
    public Results {
        warnings = warnings == null ? List.of() : List.copyOf(warnings);
    }

    /**
     * Reads the results of a run.
     *
     * @param storage the file systems
     * @param file a {@code results.json}
     * @return its content
     * @throws DataException if it cannot be read
     */
    public static Results read(Storage storage, Path file) {
        return read(storage, file, Results.class);
    }

    /** Reads a record that {@link #json} wrote. */
    static <T extends Record> T read(Storage storage, Path file, Class<T> type) {
        try {
            return JSON.readValue(storage.readString(file), type);
        } catch (JsonProcessingException e) {
            throw new DataException("Cannot read " + file + ": " + e.getOriginalMessage(), e);
        }
    }

    /**
     * Writes the results.
     *
     * @return a JSON object
     */
    public String toJson() {
        return json(this);
    }

    /**
     * Writes a record under keys in snake case; NaN becomes null.
     *
     * @param values its components are the object's values
     * @return a JSON object
     */
    public static String json(Record values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a JSON object.
     *
     * @param json its text
     * @param place what to call it in errors
     * @return its values by key
     * @throws DataException if the text is no JSON object
     */
    public static Map<String, Object> parse(String json, String place) {
        try {
            return JSON.readValue(json, new TypeReference<Map<String, Object>>() {});
        } catch (JsonProcessingException e) {
            throw new DataException("Cannot read " + place + ": " + e.getOriginalMessage(), e);
        }
    }
}
