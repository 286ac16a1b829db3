package io.deepfm.inference;

import io.deepfm.model.pair.Pairs.Run;
import io.deepfm.schema.FieldGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Candidate lists to score. A list is one user in one context and the items to score for them; rows that have nothing to
 * do with each other are lists of one candidate.
 *
 * @param offsets at which candidate each of L lists begins, and after the last how many candidates there are, shape (L + 1)
 * @param users L users, one per list
 * @param items the items of all lists, one after the other, one per candidate
 * @param contexts L contexts, one per list
 */
public record ScoringBatch(int[] offsets, Features users, Features items, Features contexts) {

    /** Where the features of one group come from. */
    public sealed interface Features {}

    /**
     * Features of a table that the scorer knows.
     *
     * @param indices the rows
     */
    public record Known(int[] indices) implements Features {}

    /**
     * Features that come with the batch.
     *
     * @param table one row each, in order
     */
    public record Given(FeatureTable table) implements Features {}

    /** @throws IllegalArgumentException if a list has no candidate */
    public ScoringBatch {
        for (int list = 1; list < offsets.length; list++) {
            if (offsets[list] <= offsets[list - 1]) {
                throw new IllegalArgumentException("List " + (list - 1) + " has no candidates.");
            }
        }
    }

    /**
     * Rows that have nothing to do with each other.
     *
     * @param rows how many, each a list of one candidate
     * @param users each row's user
     * @param items each row's item
     * @param contexts each row's context
     * @return as many lists
     */
    public static ScoringBatch ofRows(int rows, Features users, Features items, Features contexts) {
        return new ScoringBatch(IntStream.rangeClosed(0, rows).toArray(), users, items, contexts);
    }

    /**
     * The number of lists.
     *
     * @return L
     */
    public int lists() {
        return offsets.length - 1;
    }

    /**
     * The number of candidates.
     *
     * @return over all lists
     */
    public int candidates() {
        return offsets[lists()];
    }

    /** The runs of some candidates, counted from the first of them. */
    List<Run> runs(int start, int end) {
        List<Run> runs = new ArrayList<>();
        int found = Arrays.binarySearch(offsets, start);
        int list = found >= 0 ? found : -found - 2;
        for (int from = start; from < end; list++) {
            int to = Math.min(end, offsets[list + 1]);
            runs.add(new Run(list, from - start, to - start, offsets[list + 1] - offsets[list]));
            from = to;
        }
        return runs;
    }

    Features features(FieldGroup group) {
        return switch (group) {
            case USER -> users;
            case ITEM -> items;
            case CONTEXT -> contexts;
        };
    }
}
