package io.deepfm.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.deepfm.config.EmbeddingUpdates;
import io.deepfm.config.names.FlatSettings;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.training.EpochResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * How a model came to be: its {@code provenance.json}.
 *
 * @param version the program's
 * @param config all settings, under the keys of the configuration files
 * @param encodeFingerprint of the data it was trained on
 * @param trainingInfo how training went
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Provenance(
        String version, Map<String, Object> config, String encodeFingerprint, TrainingInfo trainingInfo) {

    /**
     * How training went; all null where nobody knows.
     *
     * @param bestEpoch the epoch whose weights were kept
     * @param totalEpochs the number of epochs
     * @param parameters the number of trained weights
     * @param embeddingUpdates which rows of the embedding tables a step moved: dense, all; lazy, the batch's
     * @param device what it ran on
     * @param threads of the engine
     * @param seconds of all epochs
     * @param samplesPerSecond training rows per second of training
     * @param waitShare the share of training in which it waited for data
     * @param waitShareAfterFirstEpoch the same without the first epoch
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record TrainingInfo(
            Integer bestEpoch,
            Integer totalEpochs,
            Long parameters,
            String embeddingUpdates,
            String device,
            Integer threads,
            Double seconds,
            Double samplesPerSecond,
            Double waitShare,
            Double waitShareAfterFirstEpoch) {

        private static final TrainingInfo UNKNOWN =
                new TrainingInfo(null, null, null, null, null, null, null, null, null, null);

        /**
         * Of a training that has ended.
         *
         * @param bestEpoch the epoch whose weights were kept
         * @param epochs all epochs, at least one
         * @param parameters the number of trained weights
         * @param embeddingUpdates which rows of the embedding tables a step moved
         * @param device what it ran on
         * @param threads of the engine
         * @return what is known of it
         */
        public static TrainingInfo of(
                int bestEpoch,
                List<EpochResult> epochs,
                long parameters,
                EmbeddingUpdates embeddingUpdates,
                String device,
                int threads) {
            double training =
                    epochs.stream().mapToDouble(EpochResult::trainSeconds).sum();
            double seconds = epochs.stream()
                    .mapToDouble(epoch -> epoch.trainSeconds() + epoch.validationSeconds())
                    .sum();
            return new TrainingInfo(
                    bestEpoch,
                    epochs.size(),
                    parameters,
                    embeddingUpdates.name().toLowerCase(Locale.ROOT),
                    device,
                    threads,
                    seconds,
                    epochs.stream().mapToLong(EpochResult::rows).sum() / training,
                    waitShare(epochs),
                    waitShare(epochs.subList(1, epochs.size())));
        }

        private static double waitShare(List<EpochResult> epochs) {
            double seconds =
                    epochs.stream().mapToDouble(EpochResult::trainSeconds).sum();
            return seconds == 0
                    ? 0
                    : epochs.stream().mapToDouble(EpochResult::waitSeconds).sum() / seconds;
        }
    }

    /**
     * What a reader of results should know who goes by today's settings.
     *
     * @param now all settings, as {@link #config} has them
     * @return settings of the training that are others now; nothing where there are none
     */
    public Optional<String> warning(Map<String, Object> now) {
        List<String> differing = FlatSettings.differences(FlatSettings.of(config), FlatSettings.of(now)).stream()
                .filter(setting -> !setting.startsWith("evaluation."))
                .toList();
        return differing.isEmpty()
                ? Optional.empty()
                : Optional.of("the model was trained with other settings than those that stand under config: "
                        + String.join("; ", differing));
    }

    /**
     * Reads how a model came to be.
     *
     * @param storage the file systems
     * @param file the model's {@code provenance.json}
     * @return nothing where there is no such file
     * @throws DataException if it cannot be read
     */
    public static Optional<Provenance> read(Storage storage, Path file) {
        return storage.exists(file) ? Optional.of(Results.read(storage, file, Provenance.class)) : Optional.empty();
    }

    /**
     * Reads how a model was trained.
     *
     * @param storage the file systems
     * @param file the model's {@code provenance.json}
     * @return what is known; nothing where there is no such file
     * @throws DataException if it cannot be read
     */
    public static TrainingInfo trainingInfo(Storage storage, Path file) {
        return read(storage, file).map(Provenance::trainingInfo).orElse(TrainingInfo.UNKNOWN);
    }

    /**
     * Writes it.
     *
     * @return a JSON object
     */
    public String toJson() {
        return Results.json(this);
    }
}
