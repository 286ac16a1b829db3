package io.deepfm.inference;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import io.deepfm.model.CtrModel;
import io.deepfm.model.layer.FeatureEmbedding;
import io.deepfm.model.layer.Pass;
import io.deepfm.schema.FieldGroup;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Scores the items of a candidate list, or all items, for one user.
 *
 * <p>All users and items are embedded once when the scorer is made; a list then gathers from these tables. A user may
 * also bring features along. A list is scored by itself, in chunks of a fixed size, so that its scores do not depend on what else is scored beside it.
 * Threads may share a scorer.
 */
public final class CandidateScorer implements AutoCloseable {

    /** Rows embedded at a time, so that building the tables of a large catalogue stays within memory. */
    private static final int CHUNK = 65_536;

    private final NDManager manager;
    private final CtrModel model;
    private final Map<FieldGroup, NDArray> embedded = new EnumMap<>(FieldGroup.class);
    private final int batchSize;

    /**
     * @param parent the manager of the device; the scorer's own arrays live until it is closed
     * @param model a model with its weights set
     * @param users the user table, null where the model has no user fields or each user brings features along
     * @param items the item table, null where the model has no item fields
     * @param batchSize the most pairs per forward pass
     */
    public CandidateScorer(NDManager parent, CtrModel model, FeatureTable users, FeatureTable items, int batchSize) {
        this.manager = parent.newSubManager();
        this.model = model;
        this.batchSize = batchSize;
        for (FieldGroup group : model.embedding().groups()) {
            FeatureTable table =
                    switch (group) {
                        case USER -> users;
                        case ITEM -> items;
                        case CONTEXT -> null;
                    };
            if (table != null) {
                embedded.put(group, embed(group, table));
            }
        }
    }

    /**
     * Scores items for a user.
     *
     * @param userRow the user's row
     * @param itemRows the items' rows
     * @param context one row of context features, null where the model has none
     * @return one logit per item
     */
    public float[] score(int userRow, int[] itemRows, FeatureTable context) {
        return score(
                itemRows.length,
                scratch -> rows(FieldGroup.USER, userRow, userRow + 1),
                (scratch, start, end) -> FeatureEmbedding.gather(
                        embedded.get(FieldGroup.ITEM), scratch.create(Arrays.copyOfRange(itemRows, start, end))),
                context);
    }

    /**
     * Scores all items for a user.
     *
     * @param user one row of the user's features
     * @param context one row of context features
     * @return one logit per item, in the order of the rows of the item table
     */
    public float[] scoreAll(FeatureTable user, FeatureTable context) {
        return score(
                Math.toIntExact(embedded.get(FieldGroup.ITEM).getShape().get(0)),
                scratch -> model.embedding().embed(FieldGroup.USER, user.toDevice(scratch, null)),
                (scratch, start, end) -> rows(FieldGroup.ITEM, start, end),
                context);
    }

    /** The embedded user, shape (1, C). */
    private interface User {
        NDArray embedded(NDManager scratch);
    }

    /** The embedded items from one place of a list to another, shape (end - start, C). */
    private interface Items {
        NDArray embedded(NDManager scratch, int start, int end);
    }

    private float[] score(int count, User user, Items items, FeatureTable context) {
        float[] scores = new float[count];
        for (int start = 0; start < count; start += batchSize) {
            int end = Math.min(count, start + batchSize);
            try (NDManager scratch = manager.newSubManager();
                    NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDList parts = new NDList();
                for (FieldGroup group : model.embedding().groups()) {
                    parts.add(
                            switch (group) {
                                case USER -> repeated(user.embedded(scratch), end - start);
                                case ITEM -> items.embedded(scratch, start, end);
                                case CONTEXT ->
                                    repeated(
                                            model.embedding().embed(group, context.toDevice(scratch, null)),
                                            end - start);
                            });
                }
                float[] chunk = model.forward(model.embedding().views(parts), Pass.inference())
                        .toFloatArray();
                System.arraycopy(chunk, 0, scores, start, chunk.length);
            }
        }
        return scores;
    }

    /**
     * Scores pairs, each with a context of its own.
     *
     * @param userRows each pair's user
     * @param itemRows each pair's item
     * @param context each pair's context features, null where the model has none
     * @return one logit per pair
     */
    public float[] scorePairs(int[] userRows, int[] itemRows, FeatureTable context) {
        float[] scores = new float[userRows.length];
        for (int start = 0; start < scores.length; start += batchSize) {
            int end = Math.min(scores.length, start + batchSize);
            float[] chunk = pairChunk(
                    Arrays.copyOfRange(userRows, start, end),
                    Arrays.copyOfRange(itemRows, start, end),
                    context == null ? null : context.slice(start, end));
            System.arraycopy(chunk, 0, scores, start, chunk.length);
        }
        return scores;
    }

    private float[] pairChunk(int[] userRows, int[] itemRows, FeatureTable context) {
        try (NDManager scratch = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDList parts = new NDList();
            for (FieldGroup group : model.embedding().groups()) {
                parts.add(
                        switch (group) {
                            case USER -> FeatureEmbedding.gather(embedded.get(group), scratch.create(userRows));
                            case ITEM -> FeatureEmbedding.gather(embedded.get(group), scratch.create(itemRows));
                            case CONTEXT -> model.embedding().embed(group, context.toDevice(scratch, null));
                        });
            }
            return model.forward(model.embedding().views(parts), Pass.inference())
                    .toFloatArray();
        }
    }

    private NDArray rows(FieldGroup group, int start, int end) {
        return embedded.get(group).get(new NDIndex("{}:{}", start, end));
    }

    private static NDArray repeated(NDArray row, int times) {
        return row.broadcast(times, row.getShape().get(1));
    }

    private NDArray embed(FieldGroup group, FeatureTable table) {
        NDArray all;
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDList chunks = new NDList();
            for (int start = 0; start < table.rows(); start += CHUNK) {
                FeatureTable chunk = table.slice(start, Math.min(table.rows(), start + CHUNK));
                chunks.add(model.embedding().embed(group, chunk.toDevice(manager, null)));
            }
            all = chunks.size() == 1 ? chunks.get(0) : ai.djl.ndarray.NDArrays.concat(chunks);
            NDScope.unregister(all);
            all.attach(manager);
        }
        return all;
    }

    @Override
    public void close() {
        manager.close();
    }
}
