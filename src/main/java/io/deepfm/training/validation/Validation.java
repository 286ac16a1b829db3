package io.deepfm.training.validation;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.inference.Scorer;
import io.deepfm.metrics.Auc;
import io.deepfm.metrics.CandidateMetrics;
import io.deepfm.metrics.CandidateMetrics.Summary;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The validation split's candidate lists, to be scored after each epoch. They stay in their files, of which one at a time is in
 * memory: first the positives are scored, of which the pooled AUC must know all, then the lists.
 */
public final class Validation {

    private final ExperimentConfig config;
    private final Storage storage;
    private final List<Path> files;
    private final DatasetSchema schema;
    private final UserSample sample;
    private final int catalogue;

    /**
     * @param config the metrics' settings, and how many users validation is over
     * @param storage the file systems
     * @param folder the lists, in the order of their users within a file
     * @param schema the fields
     * @param catalogue the number of all items
     */
    public Validation(ExperimentConfig config, Storage storage, Path folder, DatasetSchema schema, int catalogue) {
        this.config = config;
        this.storage = storage;
        this.schema = schema;
        this.catalogue = catalogue;
        this.files = storage.files(folder, ".parquet").stream()
                .map(FileStatus::getPath)
                .toList();
        int users = config.evaluation().validationUsers();
        this.sample = UserSample.of(config.evaluation().candidateSeed(), users == 0 ? new int[0] : users(), users);
    }

    private int[] users() {
        return files.stream()
                .flatMapToInt(file -> Arrays.stream(ParquetColumns.read(storage, file, List.of(Tables.USER_INDEX))
                        .ints(Tables.USER_INDEX)))
                .toArray();
    }

    /**
     * The metrics of a model over the lists of the chosen users.
     *
     * @param scorer the model, with the tables of users and items
     * @return value by metric name
     */
    public Map<String, Double> metrics(Scorer scorer) {
        Auc pooled = new Auc(positives(scorer));
        CandidateMetrics metrics = new CandidateMetrics(config, catalogue);
        int largestK = config.evaluation().largestK();
        for (Path file : files) {
            StoredLists lists = StoredLists.read(storage, file, schema, sample);
            for (int start = 0; start < lists.size(); ) {
                int end = lists.end(start, Scorer.MANY);
                lists.scored(scorer, start, end).parallelStream()
                        .map(list -> Summary.of(list, pooled, largestK))
                        .toList()
                        .forEach(metrics::add);
                start = end;
            }
        }
        return metrics.values();
    }

    private float[] positives(Scorer scorer) {
        List<float[]> logits = new ArrayList<>();
        for (Path file : files) {
            logits.add(StoredLists.heldOut(storage, file, schema, sample).positives(scorer));
        }
        float[] all = new float[logits.stream().mapToInt(some -> some.length).sum()];
        int filled = 0;
        for (float[] some : logits) {
            System.arraycopy(some, 0, all, filled, some.length);
            filled += some.length;
        }
        return all;
    }
}
