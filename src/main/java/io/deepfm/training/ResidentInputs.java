package io.deepfm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.layer.FeatureBatch;
import io.deepfm.schema.FieldGroup;
import java.util.EnumMap;
import java.util.Map;

/** Keeps the tables of users and items on the device; a batch brings indices. */
final class ResidentInputs implements BatchInputs {

    private final FeatureBatch.Group users;
    private final FeatureBatch.Group items;

    /**
     * @param manager owns the copies of the tables
     * @param users all users' features
     * @param items all items' features
     */
    ResidentInputs(NDManager manager, FeatureTable users, FeatureTable items) {
        this.users = users.toDevice(manager, null);
        this.items = items.toDevice(manager, null);
    }

    @Override
    public Input prepare(Batch batch) {
        int[] groupOfRow = batch.groups() == batch.rows() ? null : batch.groupOfRow();
        return manager -> toDevice(manager, batch, groupOfRow);
    }

    private FeatureBatch toDevice(NDManager manager, Batch batch, int[] groupOfRow) {
        NDArray rows = groupOfRow == null ? null : manager.create(groupOfRow);
        FeatureBatch.Group ofGroups = users.withRows(manager.create(batch.users()));
        Map<FieldGroup, FeatureBatch.Group> groups = new EnumMap<>(FieldGroup.class);
        groups.put(
                FieldGroup.USER, rows == null ? ofGroups : ofGroups.gathered().withRows(rows));
        groups.put(FieldGroup.ITEM, items.withRows(manager.create(batch.items())));
        groups.put(FieldGroup.CONTEXT, batch.context().toDevice(manager, rows));
        return new FeatureBatch(groups);
    }
}
