package io.deepfm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.model.embedding.FeatureEmbedding;
import io.deepfm.schema.FieldGroup;
import io.deepfm.training.shard.Batch;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** Keeps the tables of users and items on the device; a batch brings indices. */
final class ResidentInputs implements BatchInputs {

    private final FeatureBatch.Group users;
    private final FeatureBatch.Group items;
    private final int numUsers;

    /**
     * @param manager owns the copies of the tables
     * @param embedding of the model
     * @param users all users' features
     * @param items all items' features
     */
    ResidentInputs(NDManager manager, FeatureEmbedding embedding, FeatureTable users, FeatureTable items) {
        this.users = embedding.prepare(manager, FieldGroup.USER, users.toDevice(manager, null));
        this.items = embedding.prepare(manager, FieldGroup.ITEM, items.toDevice(manager, null));
        this.numUsers = users.rows();
    }

    @Override
    public Input prepare(Batch batch) {
        int[] groupOfRow = batch.groups() == batch.rows() ? null : batch.groupOfRow();
        // To embed all users once may be less than to embed each group's.
        boolean eachGroups = groupOfRow != null && numUsers > batch.groups();
        long[] ofRows = groupOfRow == null ? null : FeatureBatch.rowNumbers(groupOfRow);
        long[] ofUsers = FeatureBatch.rowNumbers(
                groupOfRow == null || eachGroups
                        ? batch.users()
                        : Arrays.stream(groupOfRow)
                                .map(group -> batch.users()[group])
                                .toArray());
        long[] ofItems = FeatureBatch.rowNumbers(batch.items());
        return manager -> {
            NDArray rows = ofRows == null ? null : manager.create(ofRows);
            FeatureBatch.Group found = users.withRows(manager.create(ofUsers));
            Map<FieldGroup, FeatureBatch.Group> groups = new EnumMap<>(FieldGroup.class);
            groups.put(FieldGroup.USER, eachGroups ? found.gathered().withRows(rows) : found);
            groups.put(FieldGroup.ITEM, items.withRows(manager.create(ofItems)));
            groups.put(FieldGroup.CONTEXT, batch.context().toDevice(manager, rows));
            return new FeatureBatch(groups);
        };
    }
}
