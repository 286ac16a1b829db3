package io.deepfm.training;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.inference.Batches;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.inference.ScoringBatch;
import io.deepfm.inference.ScoringBatch.Given;
import io.deepfm.inference.ScoringBatch.Known;
import io.deepfm.metrics.CandidateList;
import io.deepfm.metrics.CandidateMetrics;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** The validation split's candidate lists, in memory, to be scored after each epoch. */
final class Candidates {

    /** One list: the held-out item first, then the negatives. */
    private record Rows(int userIndex, int[] itemIndices, int label, FeatureTable context) {}

    private final List<Rows> lists;

    private Candidates(List<Rows> lists) {
        this.lists = lists;
    }

    /** Reads the lists of a split in the order of their users. */
    static Candidates read(Storage storage, Path folder, DatasetSchema schema) {
        List<String> names =
                new ArrayList<>(List.of(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.LABEL, Tables.NEGATIVES));
        schema.fields(FieldGroup.CONTEXT).forEach(field -> names.add(field.name()));
        List<Rows> lists = new ArrayList<>();
        for (FileStatus file : storage.files(folder, ".parquet")) {
            ParquetColumns columns = ParquetColumns.read(storage, file.getPath(), names);
            FeatureTable context = FeatureTable.of(columns, schema, FieldGroup.CONTEXT);
            for (int row = 0; row < columns.rows(); row++) {
                lists.add(rows(columns, context, row));
            }
        }
        lists.sort(Comparator.comparingInt(Rows::userIndex));
        return new Candidates(lists);
    }

    /** The metrics of a model over all lists. */
    Map<String, Double> evaluate(Scorer scorer, ExperimentConfig config) {
        List<CandidateList> scored = new ArrayList<>(lists.size());
        new Batches<>(lists.iterator(), config.evaluation().batchSize(), list -> list.itemIndices().length)
                .forEachRemaining(batch -> scored.addAll(scored(batch, scorer)));
        return CandidateMetrics.of(scored, config);
    }

    private static List<CandidateList> scored(List<Rows> lists, Scorer scorer) {
        int[] offsets = new int[lists.size() + 1];
        for (int i = 0; i < lists.size(); i++) {
            offsets[i + 1] = offsets[i] + lists.get(i).itemIndices().length;
        }
        float[] logits = scorer.logits(new ScoringBatch(
                offsets,
                new Known(lists.stream().mapToInt(Rows::userIndex).toArray()),
                new Known(lists.stream()
                        .flatMapToInt(list -> IntStream.of(list.itemIndices()))
                        .toArray()),
                new Given(FeatureTable.concat(lists.stream().map(Rows::context).toList()))));
        List<CandidateList> scored = new ArrayList<>(lists.size());
        for (int i = 0; i < lists.size(); i++) {
            float[] negatives = Arrays.copyOfRange(logits, offsets[i] + 1, offsets[i + 1]);
            scored.add(new CandidateList(lists.get(i).label(), logits[offsets[i]], negatives));
        }
        return scored;
    }

    private static Rows rows(ParquetColumns columns, FeatureTable context, int row) {
        int[] offsets = columns.offsets(Tables.NEGATIVES);
        int[] itemIndices = new int[1 + offsets[row + 1] - offsets[row]];
        itemIndices[0] = columns.ints(Tables.ITEM_INDEX)[row];
        System.arraycopy(columns.ints(Tables.NEGATIVES), offsets[row], itemIndices, 1, itemIndices.length - 1);
        return new Rows(
                columns.ints(Tables.USER_INDEX)[row],
                itemIndices,
                columns.ints(Tables.LABEL)[row],
                context.slice(row, row + 1));
    }
}
