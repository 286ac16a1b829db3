package io.deepfm.job.training;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.encode.Encoders;
import io.deepfm.data.encode.FieldEncoder;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.model.CtrModel;
import io.deepfm.model.embedding.FeatureConfig;
import io.deepfm.model.io.Safetensors;
import io.deepfm.model.io.SavedModel;
import io.deepfm.model.io.WarmStart;
import io.deepfm.model.parameter.Tensor;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Checksums;
import io.deepfm.storage.Storage;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;

/**
 * The weights that a training starts from: those of a file, of an earlier model, or else the seed's.
 *
 * @param config all settings
 * @param storage the file systems
 * @param file a safetensors file with all weights
 * @param dataset the dataset as it is encoded today
 * @param encoders the file of today's vocabularies
 */
public record InitialWeights(
        ExperimentConfig config, Storage storage, Optional<Path> file, DatasetDefinition dataset, Path encoders) {

    /**
     * What the weights depend on besides the settings.
     *
     * @return fingerprints by name
     * @throws ConfigException if the earlier model is not there
     */
    public Map<String, String> fingerprints() {
        Map<String, String> fingerprints = new LinkedHashMap<>();
        file.ifPresent(given -> fingerprints.put("initial_weights", storage.sha256(given)));
        warmStart()
                .ifPresent(folder -> fingerprints.put(
                        "warm_start", SavedModel.read(storage, folder).fingerprint()));
        return fingerprints;
    }

    /**
     * The weights.
     *
     * @param model whose weights they are
     * @param onWarmStart is told of an earlier model that they come from
     * @return a tensor for each parameter, by name
     * @throws io.deepfm.storage.DataException if those of the file are not this model's
     */
    public Map<String, Tensor> of(CtrModel model, Consumer<String> onWarmStart) {
        if (file.isPresent()) {
            Path given = file.get();
            return SavedModel.checkedValues(
                    model,
                    Safetensors.read(() -> storage.open(given), storage.length(given), given.toString()),
                    given.toString());
        }
        warmStart().ifPresent(folder -> onWarmStart.accept("starting from " + folder));
        Map<String, Tensor> fresh = model.parameters()
                .initial(
                        config.seed(),
                        config.sections().get(FeatureConfig.class).initializer());
        return warmStart()
                .map(folder -> new WarmStart(SavedModel.read(storage, folder), folder.toString(), earlierIds(folder))
                        .values(model, fresh))
                .orElse(fresh);
    }

    /** The folder of the model to start from. */
    private Optional<Path> warmStart() {
        String folder = config.training().warmStart();
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        if (!storage.exists(new Path(folder))) {
            throw new ConfigException("training.warm_start = " + folder
                    + ": there is no such folder. Give the model/ folder of an earlier run, or leave it empty.");
        }
        return Optional.of(new Path(folder));
    }

    /** For each field, the earlier model's id of each value in today's vocabulary. */
    private Map<String, int[]> earlierIds(Path folder) {
        Map<String, FieldEncoder> earlier =
                FieldEncoder.fromJson(Checksums.readString(storage, folder, Tables.ENCODERS_FILE));
        Map<String, FieldEncoder> today = FieldEncoder.fromJson(storage.readString(encoders));
        return new Encoders(dataset, today).idsIn(earlier);
    }
}
