package io.deepfm.training;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.inference.CandidateScorer;
import io.deepfm.inference.FeatureTable;
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
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/** The validation split's candidate lists, in memory, to be scored after each epoch. */
final class Candidates {

    /** One list: the held-out item first, then the negatives. */
    private record Rows(int userRow, int[] itemRows, int label, FeatureTable context) {}

    private final List<Rows> lists;

    private Candidates(List<Rows> lists) {
        this.lists = lists;
    }

    /** Reads the lists of a split in the order of their users. */
    static Candidates read(Storage storage, Path folder, DatasetSchema schema) {
        List<String> names = new ArrayList<>(List.of(Tables.USER_ROW, Tables.ITEM_ROW, Tables.LABEL, Tables.NEGATIVES));
        schema.fields(FieldGroup.CONTEXT).forEach(field -> names.add(field.name()));
        List<Rows> lists = new ArrayList<>();
        for (FileStatus file : storage.files(folder, ".parquet")) {
            ParquetColumns columns = ParquetColumns.read(storage, file.getPath(), names);
            FeatureTable context = FeatureTable.of(columns, schema, FieldGroup.CONTEXT);
            for (int row = 0; row < columns.rows(); row++) {
                lists.add(rows(columns, context, row));
            }
        }
        lists.sort(Comparator.comparingInt(Rows::userRow));
        return new Candidates(lists);
    }

    /** The metrics of a model over all lists. */
    Map<String, Double> evaluate(CandidateScorer scorer, ExperimentConfig config) {
        return CandidateMetrics.of(
                lists.stream().allMatch(list -> list.itemRows().length == 1) ? together(scorer) : oneByOne(scorer),
                config);
    }

    /** Lists of one candidate, which are no lists: as many at a time as a forward pass takes. */
    private List<CandidateList> together(CandidateScorer scorer) {
        float[] scores = scorer.scorePairs(
                lists.stream().mapToInt(Rows::userRow).toArray(),
                lists.stream().mapToInt(list -> list.itemRows()[0]).toArray(),
                FeatureTable.concat(lists.stream().map(Rows::context).toList()));
        List<CandidateList> scored = new ArrayList<>(scores.length);
        for (int i = 0; i < scores.length; i++) {
            scored.add(new CandidateList(lists.get(i).label(), scores[i], new float[0]));
        }
        return scored;
    }

    private List<CandidateList> oneByOne(CandidateScorer scorer) {
        List<CandidateList> scored = new ArrayList<>(lists.size());
        for (Rows list : lists) {
            float[] scores = scorer.score(list.userRow(), list.itemRows(), list.context());
            scored.add(new CandidateList(list.label(), scores[0], Arrays.copyOfRange(scores, 1, scores.length)));
        }
        return scored;
    }

    private static Rows rows(ParquetColumns columns, FeatureTable context, int row) {
        int[] offsets = columns.offsets(Tables.NEGATIVES);
        int[] itemRows = new int[1 + offsets[row + 1] - offsets[row]];
        itemRows[0] = columns.ints(Tables.ITEM_ROW)[row];
        System.arraycopy(columns.ints(Tables.NEGATIVES), offsets[row], itemRows, 1, itemRows.length - 1);
        return new Rows(
                columns.ints(Tables.USER_ROW)[row],
                itemRows,
                columns.ints(Tables.LABEL)[row],
                context.slice(row, row + 1));
    }
}
