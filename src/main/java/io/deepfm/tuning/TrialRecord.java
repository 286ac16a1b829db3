package io.deepfm.tuning;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.deepfm.storage.Storage;
import io.deepfm.training.EpochResult;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.hadoop.fs.Path;

/**
 * The content of a trial's {@code trial.json}: what a search that was killed need not train again.
 *
 * @param settings the values of the space's settings that count, by key
 * @param training the fingerprint of all that decides the training: settings, data, code
 * @param epochs how each epoch went, from the first one on
 */
record TrialRecord(SortedMap<String, String> settings, String training, List<EpochResult> epochs) {

    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT);

    private static Path file(Path folder) {
        return new Path(folder, "trial.json");
    }

    /** The record in a trial's folder, if it is of this training. */
    static Optional<TrialRecord> read(Storage storage, Path folder, String training) {
        if (!storage.exists(file(folder))) {
            return Optional.empty();
        }
        try {
            TrialRecord record = JSON.readValue(storage.readString(file(folder)), TrialRecord.class);
            return Optional.of(record).filter(found -> training.equals(found.training()));
        } catch (JsonProcessingException e) {
            // A damaged one is as good as none: the trial's checkpoints, or its first epoch, are where it goes on.
            return Optional.empty();
        }
    }

    void write(Storage storage, Path folder) {
        try {
            storage.write(file(folder), JSON.writeValueAsString(this));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
