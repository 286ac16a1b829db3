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
import java.util.function.Function;
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
        return ofUsers(columns(storage, file, schema, List.of(Tables.NEGATIVES)), schema, sample, true);
    }

    /** Reads the lists without their negatives. */
    static StoredLists heldOut(Storage storage, Path file, DatasetSchema schema, UserSample sample) {
        return ofUsers(columns(storage, file, schema, List.of()), schema, sample, false);
    }

    /** Reads some of a file's lists. */
    static StoredLists read(Storage storage, Path file, DatasetSchema schema, int[] rows) {
        return of(columns(storage, file, schema, List.of(Tables.NEGATIVES)), schema, rows, true);
    }

    private static ParquetColumns columns(Storage storage, Path file, DatasetSchema schema, List<String> negatives) {
        List<String> names = new ArrayList<>(List.of(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.LABEL));
        names.addAll(negatives);
        schema.fields(FieldGroup.CONTEXT).forEach(field -> names.add(field.name()));
        return ParquetColumns.read(storage, file, names);
    }

    private static StoredLists ofUsers(
            ParquetColumns columns, DatasetSchema schema, UserSample sample, boolean withNegatives) {
        int[] users = columns.ints(Tables.USER_INDEX);
        int[] rows = IntStream.range(0, columns.rows())
                .filter(row -> sample.has(users[row]))
                .toArray();
        return of(columns, schema, rows, withNegatives);
    }

    private static StoredLists of(ParquetColumns columns, DatasetSchema schema, int[] rows, boolean withNegatives) {
        int[] drawn = withNegatives ? columns.offsets(Tables.NEGATIVES) : new int[columns.rows() + 1];
        int[] offsets = new int[rows.length + 1];
        for (int i = 0; i < rows.length; i++) {
            offsets[i + 1] = offsets[i] + 1 + drawn[rows[i] + 1] - drawn[rows[i]];
        }
        int[] items = new int[offsets[rows.length]];
        for (int i = 0; i < rows.length; i++) {
            items[offsets[i]] = columns.ints(Tables.ITEM_INDEX)[rows[i]];
            if (withNegatives) {
                System.arraycopy(
                        columns.ints(Tables.NEGATIVES),
                        drawn[rows[i]],
                        items,
                        offsets[i] + 1,
                        drawn[rows[i] + 1] - drawn[rows[i]]);
            }
        }
        return new StoredLists(
                at(columns.ints(Tables.USER_INDEX), rows),
                at(columns.ints(Tables.LABEL), rows),
                FeatureTable.of(columns, schema, FieldGroup.CONTEXT).rows(rows),
                items,
                offsets);
    }

    private static int[] at(int[] values, int[] rows) {
        return Arrays.stream(rows).map(row -> values[row]).toArray();
    }

    /** The lists of several files, one after the other. */
    static StoredLists concat(List<StoredLists> all) {
        int[] offsets = new int[all.stream().mapToInt(StoredLists::size).sum() + 1];
        int next = 0;
        for (StoredLists lists : all) {
            for (int list = 0; list < lists.size(); list++) {
                offsets[next + 1] = offsets[next] + lists.offsets[list + 1] - lists.offsets[list];
                next++;
            }
        }
        return new StoredLists(
                joined(all, StoredLists::users),
                joined(all, StoredLists::labels),
                FeatureTable.concat(all.stream().map(StoredLists::contexts).toList()),
                joined(all, StoredLists::items),
                offsets);
    }

    private static int[] joined(List<StoredLists> all, Function<StoredLists, int[]> part) {
        return all.stream().map(part).flatMapToInt(Arrays::stream).toArray();
    }

    /** The same lists with no more than so many candidates each: the held-out item and negatives at equal distances. */
    StoredLists thinned(int candidates) {
        int[] fewer = new int[offsets.length];
        int[] kept = new int[items.length];
        for (int list = 0; list < size(); list++) {
            int negatives = offsets[list + 1] - offsets[list] - 1;
            int wanted = Math.min(negatives, candidates - 1);
            kept[fewer[list]] = items[offsets[list]];
            for (int i = 0; i < wanted; i++) {
                kept[fewer[list] + 1 + i] = items[offsets[list] + 1 + (int) ((long) i * negatives / wanted)];
            }
            fewer[list + 1] = fewer[list] + 1 + wanted;
        }
        return new StoredLists(users, labels, contexts, Arrays.copyOf(kept, fewer[size()]), fewer);
    }

    /** The held-out items alone. */
    StoredLists withoutNegatives() {
        return thinned(1);
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
