package io.deepfm.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.deepfm.config.ConfigLoader;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.config.names.FlatSettings;
import io.deepfm.model.io.Safetensors;
import io.deepfm.model.parameter.Tensor;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.training.optimizer.WeightUpdates;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The states of a training that is not over: that after the newest epoch, from which it goes on, and that after the best
 * one, whose weights become the model. Each is a folder {@code epoch-<n>} that appears whole or not at all.
 *
 * <p>A state counts only where all that decides the training is still the same, and where its content is what was
 * written. One that does not count is skipped: training resumes from the other, or starts over.
 */
public final class Checkpoints {

    private static final String TENSORS = "state.safetensors";
    private static final String DESCRIPTION = "checkpoint.json";
    private static final String FOLDER = "epoch-";
    private static final String MOMENT = "optimizer.";
    private static final ObjectMapper JSON = new ObjectMapper()
            .setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * The content of {@code checkpoint.json}.
     *
     * @param training the fingerprint of all that decides the training
     * @param settings all settings, by their whole keys
     * @param tensors the digest of {@code state.safetensors}
     * @param optimizerSteps the optimizer's steps so far
     * @param epochs the results of all epochs so far
     */
    private record Description(
            String training,
            SortedMap<String, String> settings,
            String tensors,
            long optimizerSteps,
            List<EpochResult> epochs) {}

    private final Storage storage;
    private final Path root;
    private final String training;
    private final SortedMap<String, String> settings = new TreeMap<>();

    /**
     * @param storage the file systems
     * @param root the folder of the states
     * @param training the fingerprint of all that decides the training: settings, data, code
     * @param config the settings, to tell which of them differ
     */
    public Checkpoints(Storage storage, Path root, String training, ExperimentConfig config) {
        this.storage = storage;
        this.root = root;
        this.training = training;
        FlatSettings.of(ConfigLoader.toMap(config)).forEach((key, value) -> settings.put(key, String.valueOf(value)));
        settings.keySet().removeIf(FlatSettings::isPlace);
    }

    /** Forgets all states. */
    public void clear() {
        storage.delete(root);
    }

    /**
     * Whether there is no state, so that training begins with its first epoch.
     *
     * @return false where there is one, even if it may not count
     */
    public boolean isEmpty() {
        return storage.list(root).isEmpty();
    }

    /** Stores the state after an epoch; those that are neither the newest nor the best any more go. */
    void write(TrainingState state) {
        Map<String, Tensor> tensors = new LinkedHashMap<>(state.weights());
        state.updates().moments().forEach((name, tensor) -> tensors.put(MOMENT + name, tensor));
        MessageDigest digest = DigestUtils.getSha256Digest();
        Path folder = folder(state.epoch());
        Path temporary = Storage.temporary(folder);
        try {
            storage.write(
                    new Path(temporary, TENSORS),
                    out -> Safetensors.write(new DigestOutputStream(out, digest), tensors));
            storage.write(
                    new Path(temporary, DESCRIPTION),
                    json(new Description(
                            training,
                            settings,
                            Hex.encodeHexString(digest.digest()),
                            state.updates().steps(),
                            state.epochs())));
            storage.move(temporary, folder);
        } finally {
            storage.delete(temporary);
        }
        List<String> kept = List.of(folder.getName(), folder(state.bestEpoch()).getName());
        for (FileStatus entry : storage.list(root)) {
            if (!kept.contains(entry.getPath().getName())) {
                storage.delete(entry.getPath());
            }
        }
    }

    /**
     * The newest state that counts.
     *
     * @param onSkipped is told of each state that does not count, and why
     */
    Optional<TrainingState> newest(Consumer<String> onSkipped) {
        List<Path> newestFirst = storage.list(root).stream()
                .map(FileStatus::getPath)
                .filter(folder -> folder.getName().startsWith(FOLDER))
                .sorted(Comparator.reverseOrder())
                .toList();
        for (Path folder : newestFirst) {
            try {
                TrainingState state = read(folder);
                // Without the best epoch's weights there would be no model at the end.
                read(folder(state.bestEpoch()));
                return Optional.of(state);
            } catch (DataException e) {
                onSkipped.accept("checkpoint " + folder.getName() + " is skipped: " + e.getMessage());
            }
        }
        return Optional.empty();
    }

    /** The state after an epoch that was written or found by {@link #newest}. */
    TrainingState read(int epoch) {
        return read(folder(epoch));
    }

    private TrainingState read(Path folder) {
        Description description = description(new Path(folder, DESCRIPTION));
        if (!description.training().equals(training)) {
            throw new DataException(difference(description.settings()));
        }
        Path file = new Path(folder, TENSORS);
        if (!storage.sha256(file).equals(description.tensors())) {
            throw new DataException(file + " is damaged");
        }
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Map<String, Tensor> moments = new LinkedHashMap<>();
        Safetensors.read(() -> storage.open(file), storage.length(file), file.toString())
                .forEach((name, tensor) -> {
                    if (name.startsWith(MOMENT)) {
                        moments.put(name.substring(MOMENT.length()), tensor);
                    } else {
                        weights.put(name, tensor);
                    }
                });
        return new TrainingState(
                description.epochs(), weights, new WeightUpdates.State(description.optimizerSteps(), moments));
    }

    private String difference(Map<String, String> others) {
        String differing = others == null ? "" : String.join("; ", FlatSettings.differences(others, settings));
        return differing.isEmpty()
                ? "it was written with other settings, other data or another version of the program"
                : "it was written with other settings: " + differing;
    }

    private Description description(Path file) {
        try {
            Description description = JSON.readValue(storage.readString(file), Description.class);
            int epochs = description.epochs().size();
            if (epochs > 0
                    && file.getParent().getName().equals(folder(epochs).getName())
                    && description.epochs().get(epochs - 1).epoch() == epochs) {
                return description;
            }
            throw new DataException(file + " does not belong to the epoch of its folder");
        } catch (JsonProcessingException | NullPointerException e) {
            throw new DataException(file + " is damaged", e);
        }
    }

    private static String json(Description description) {
        try {
            return JSON.writeValueAsString(description);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Path folder(int epoch) {
        return new Path(root, FOLDER + "%05d".formatted(epoch));
    }
}
