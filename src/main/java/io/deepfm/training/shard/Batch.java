package io.deepfm.training.shard;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.deepfm.inference.FeatureTable;
import io.deepfm.training.loss.Groups;
import io.deepfm.training.loss.Targets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Whole groups of training rows. A group is an observed interaction followed by its sampled negatives; its rows share
 * user and context.
 *
 * @param users each group's user index, G of them
 * @param offsets where each group's rows begin, and at the end where the last one's end; G + 1 of them
 * @param items each row's item index, B of them; in a group the observed item first
 * @param labels each row's label: 1 or 0, and 0 for negatives
 * @param weights what each group's observed row weighs in the loss, G of them; none where all rows weigh 1
 * @param context the groups' context features, G rows
 */
public record Batch(int[] users, int[] offsets, int[] items, float[] labels, float[] weights, FeatureTable context) {

    /** Groups whose rows all weigh 1. */
    public Batch(int[] users, int[] offsets, int[] items, float[] labels, FeatureTable context) {
        this(users, offsets, items, labels, new float[0], context);
    }

    /**
     * The number of rows.
     *
     * @return B
     */
    public int rows() {
        return items.length;
    }

    /**
     * The number of groups.
     *
     * @return G
     */
    public int groups() {
        return users.length;
    }

    /**
     * The group that each row belongs to.
     *
     * @return B numbers from 0 to G - 1, ascending
     */
    public int[] groupOfRow() {
        int[] groups = new int[rows()];
        for (int group = 0; group < groups(); group++) {
            Arrays.fill(groups, offsets[group], offsets[group + 1], group);
        }
        return groups;
    }

    /**
     * What the rows' logits should become.
     *
     * @param manager owns the arrays
     * @return labels, and which rows were observed
     */
    public Targets targets(NDManager manager) {
        float[] observed = new float[rows()];
        for (int group = 0; group < groups(); group++) {
            observed[offsets[group]] = 1;
        }
        return new Targets(
                manager.create(labels),
                manager.create(observed),
                weights.length == 0 ? Optional.empty() : Optional.of(manager.create(weightOfRow())),
                () -> groups(manager));
    }

    /** A negative was drawn once, however often the observed row was there. */
    private float[] weightOfRow() {
        float[] all = new float[rows()];
        Arrays.fill(all, 1);
        for (int group = 0; group < groups(); group++) {
            all[offsets[group]] = weights[group];
        }
        return all;
    }

    private Groups groups(NDManager manager) {
        int negatives = IntStream.range(0, groups())
                .map(group -> offsets[group + 1] - offsets[group] - 1)
                .max()
                .orElse(0);
        long[] rows = new long[groups() * (1 + negatives)];
        float[] present = new float[groups() * negatives];
        for (int group = 0; group < groups(); group++) {
            int size = offsets[group + 1] - offsets[group];
            for (int i = 0; i <= negatives; i++) {
                rows[group * (1 + negatives) + i] = offsets[group] + (i < size ? i : 0);
            }
            Arrays.fill(present, group * negatives, group * negatives + size - 1, 1);
        }
        return new Groups(
                manager.create(rows, new Shape(groups(), 1 + negatives)),
                manager.create(present, new Shape(groups(), negatives)));
    }

    /** The groups of several batches, one after the other. */
    static Batch concat(List<Batch> batches) {
        if (batches.size() == 1) {
            return batches.get(0);
        }
        int groups = batches.stream().mapToInt(Batch::groups).sum();
        int rows = batches.stream().mapToInt(Batch::rows).sum();
        int[] users = new int[groups];
        int[] offsets = new int[groups + 1];
        int[] items = new int[rows];
        float[] labels = new float[rows];
        float[] weights = new float
                [batches.stream().mapToInt(batch -> batch.weights.length).sum()];
        int group = 0;
        int row = 0;
        for (Batch batch : batches) {
            System.arraycopy(batch.users, 0, users, group, batch.groups());
            System.arraycopy(batch.items, 0, items, row, batch.rows());
            System.arraycopy(batch.labels, 0, labels, row, batch.rows());
            System.arraycopy(batch.weights, 0, weights, weights.length == 0 ? 0 : group, batch.weights.length);
            for (int i = 0; i <= batch.groups(); i++) {
                offsets[group + i] = row + batch.offsets[i];
            }
            group += batch.groups();
            row += batch.rows();
        }
        return new Batch(
                users,
                offsets,
                items,
                labels,
                weights,
                FeatureTable.concat(batches.stream().map(Batch::context).toList()));
    }
}
