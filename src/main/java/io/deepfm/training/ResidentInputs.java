package io.deepfm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.layer.FeatureBatch;
import io.deepfm.model.layer.FeatureEmbedding;
import io.deepfm.schema.FieldGroup;
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
        // Either all users are embedded, or those of the batch once per group.
        int[] userOfRow = groupOfRow != null && numUsers <= batch.groups() ? users(batch, groupOfRow) : null;
        return manager -> toDevice(manager, batch, groupOfRow, userOfRow);
    }

    private static int[] users(Batch batch, int[] groupOfRow) {
        int[] userOfRow = new int[groupOfRow.length];
        for (int row = 0; row < userOfRow.length; row++) {
            userOfRow[row] = batch.users()[groupOfRow[row]];
        }
        return userOfRow;
    }

    private FeatureBatch toDevice(NDManager manager, Batch batch, int[] groupOfRow, int[] userOfRow) {
        NDArray rows = groupOfRow == null ? null : manager.create(groupOfRow);
        FeatureBatch.Group ofRows;
        if (userOfRow != null) {
            ofRows = users.withRows(manager.create(userOfRow));
        } else {
            FeatureBatch.Group ofGroups = users.withRows(manager.create(batch.users()));
            ofRows = rows == null ? ofGroups : ofGroups.gathered().withRows(rows);
        }
        Map<FieldGroup, FeatureBatch.Group> groups = new EnumMap<>(FieldGroup.class);
        groups.put(FieldGroup.USER, ofRows);
        groups.put(FieldGroup.ITEM, items.withRows(manager.create(batch.items())));
        groups.put(FieldGroup.CONTEXT, batch.context().toDevice(manager, rows));
        return new FeatureBatch(groups);
    }
}
