package io.deepfm.training.validation;

import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Logits;
import io.deepfm.inference.Scorer;
import io.deepfm.inference.ScoringBatch;
import io.deepfm.inference.ScoringBatch.Given;
import io.deepfm.inference.ScoringBatch.Known;
import io.deepfm.metrics.CandidateList;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;

/**
 * Candidate lists of one file: the held-out item first, then the negatives.
 *
 * @param users each list's user
 * @param labels the held-out interaction's label
 * @param contexts its context
 * @param items the items of all lists
 * @param offsets where each list's begin, and where the last one's end
 */
record StoredLists(int[] users, int[] labels, FeatureTable contexts, int[] items, int[] offsets) {

    /** Reads the lists of the users of a sample. */
    static StoredLists read(Storage storage, Path file, DatasetSchema schema, UserSample sample) {
        return read(storage, file, schema, sample, List.of(Tables.NEGATIVES));
    }

    /** Reads the lists without their negatives. */
    static StoredLists heldOut(Storage storage, Path file, DatasetSchema schema, UserSample sample) {
        return read(storage, file, schema, sample, List.of());
    }

    private static StoredLists read(
            Storage storage, Path file, DatasetSchema schema, UserSample sample, List<String> negatives) {
        List<String> names = new ArrayList<>(List.of(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.LABEL));
        names.addAll(negatives);
        schema.fields(FieldGroup.CONTEXT).forEach(field -> names.add(field.name()));
        ParquetColumns columns = ParquetColumns.read(storage, file, names);
        int[] users = columns.ints(Tables.USER_INDEX);
        int[] rows = IntStream.range(0, columns.rows())
                .filter(row -> sample.has(users[row]))
                .toArray();
        int[] drawn = negatives.isEmpty() ? new int[columns.rows() + 1] : columns.offsets(Tables.NEGATIVES);
        int[] offsets = new int[rows.length + 1];
        for (int i = 0; i < rows.length; i++) {
            offsets[i + 1] = offsets[i] + 1 + drawn[rows[i] + 1] - drawn[rows[i]];
        }
        int[] items = new int[offsets[rows.length]];
        for (int i = 0; i < rows.length; i++) {
            items[offsets[i]] = columns.ints(Tables.ITEM_INDEX)[rows[i]];
            if (!negatives.isEmpty()) {
                System.arraycopy(
                        columns.ints(Tables.NEGATIVES),
                        drawn[rows[i]],
                        items,
                        offsets[i] + 1,
                        drawn[rows[i] + 1] - drawn[rows[i]]);
            }
        }
        return new StoredLists(
                at(users, rows),
                at(columns.ints(Tables.LABEL), rows),
                FeatureTable.of(columns, schema, FieldGroup.CONTEXT).rows(rows),
                items,
                offsets);
    }

    private static int[] at(int[] values, int[] rows) {
        return Arrays.stream(rows).map(row -> values[row]).toArray();
    }

    int size() {
        return users.length;
    }

    /** How far lists reach that have so many candidates together, and at least one. */
    int end(int start, int candidates) {
        int end = start + 1;
        while (end < size() && offsets[end + 1] - offsets[start] <= candidates) {
            end++;
        }
        return end;
    }

    /** The logits of some lists. */
    List<CandidateList> scored(Scorer scorer, int start, int end) {
        Logits logits = logits(scorer, start, end);
        List<CandidateList> scored = new ArrayList<>(end - start);
        for (int list = start; list < end; list++) {
            int first = offsets[list] - offsets[start];
            int last = offsets[list + 1] - offsets[start];
            scored.add(new CandidateList(
                    users[list],
                    labels[list],
                    logits.ranking()[first],
                    logits.like()[first],
                    Arrays.copyOfRange(items, offsets[list], offsets[list + 1]),
                    Arrays.copyOfRange(logits.ranking(), first + 1, last)));
        }
        return scored;
    }

    /** The logits of held-out items whose label is 1. */
    float[] positives(Scorer scorer) {
        float[] positives = new float[Arrays.stream(labels).sum()];
        int found = 0;
        for (int start = 0; start < size(); ) {
            int end = end(start, Scorer.MANY);
            for (CandidateList list : scored(scorer, start, end)) {
                if (list.label() == 1) {
                    positives[found++] = list.heldOutLogit();
                }
            }
            start = end;
        }
        return positives;
    }

    private Logits logits(Scorer scorer, int start, int end) {
        int[] its = Arrays.stream(offsets, start, end + 1)
                .map(offset -> offset - offsets[start])
                .toArray();
        return scorer.logits(new ScoringBatch(
                its,
                new Known(Arrays.copyOfRange(users, start, end)),
                new Known(Arrays.copyOfRange(items, offsets[start], offsets[end])),
                new Given(contexts.slice(start, end))));
    }
}
