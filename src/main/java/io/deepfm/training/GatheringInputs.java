package io.deepfm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.layer.FeatureBatch;
import io.deepfm.model.layer.GatheredRows;
import io.deepfm.model.parameter.Block;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.GroupLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the distinct users, items and ids of a batch, so that the step reads and moves the rows of these alone, whatever the
 * size of the tables.
 */
final class GatheringInputs implements BatchInputs {

    private final Parameters parameters;
    private final DatasetSchema schema;
    private final FeatureTable users;
    private final FeatureTable items;
    private final Distinct rows = new Distinct();
    private final Distinct ids = new Distinct();

    /**
     * @param parameters the model's weights, set
     * @param schema the fields
     * @param users all users' features
     * @param items all items' features
     */
    GatheringInputs(Parameters parameters, DatasetSchema schema, FeatureTable users, FeatureTable items) {
        this.parameters = parameters;
        this.schema = schema;
        this.users = users;
        this.items = items;
    }

    /**
     * The rows of a group that a batch has.
     *
     * @param table the distinct ones, with ids that count the distinct ids of their field
     * @param rows for each row of the batch its row of {@code table}; null where they are the same
     */
    private record Rows(FeatureTable table, int[] rows) {}

    @Override
    public Input prepare(Batch batch) {
        int[] groupOfRow = batch.groups() == batch.rows() ? null : batch.groupOfRow();
        Map<String, int[]> idsOfField = new HashMap<>();
        Map<FieldGroup, Rows> groups = new EnumMap<>(FieldGroup.class);
        Rows ofGroups = distinct(users, batch.users());
        groups.put(FieldGroup.USER, new Rows(ofGroups.table(), through(ofGroups.rows(), groupOfRow)));
        groups.put(FieldGroup.ITEM, distinct(items, batch.items()));
        groups.put(FieldGroup.CONTEXT, new Rows(batch.context(), groupOfRow));
        groups.replaceAll((group, found) -> new Rows(local(found.table(), group, idsOfField), found.rows()));
        return manager -> toDevice(manager, groups, idsOfField);
    }

    private FeatureBatch toDevice(NDManager manager, Map<FieldGroup, Rows> groups, Map<String, int[]> idsOfField) {
        Map<Block, List<GatheredRows.Wanted>> wanted = new LinkedHashMap<>();
        for (Block block : parameters.tableBlocks()) {
            List<GatheredRows.Wanted> tables = new ArrayList<>();
            for (Parameter table : block.parameters()) {
                tables.add(new GatheredRows.Wanted(
                        table, idsOfField.get(table.field().orElseThrow())));
            }
            wanted.put(block, tables);
        }
        Map<FieldGroup, FeatureBatch.Group> inputs = new EnumMap<>(FieldGroup.class);
        groups.forEach((group, found) -> {
            NDArray rowOfTable = found.rows() == null ? null : manager.create(found.rows());
            inputs.put(group, found.table().toDevice(manager, rowOfTable));
        });
        return new FeatureBatch(inputs, GatheredRows.gather(manager, wanted));
    }

    private Rows distinct(FeatureTable table, int[] indices) {
        rows.clear(indices.length);
        int[] places = new int[indices.length];
        for (int i = 0; i < indices.length; i++) {
            places[i] = rows.place(indices[i]);
        }
        return new Rows(table.rows(rows.values()), places);
    }

    /** Row i of the batch belongs to group {@code groupOfRow[i]}, which has the row {@code places[group]}. */
    private static int[] through(int[] places, int[] groupOfRow) {
        if (groupOfRow == null) {
            return places;
        }
        int[] rows = new int[groupOfRow.length];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = places[groupOfRow[i]];
        }
        return rows;
    }

    /** Replaces ids by their places among the distinct ones of their field, where 0 has place 0. */
    private FeatureTable local(FeatureTable table, FieldGroup group, Map<String, int[]> idsOfField) {
        GroupLayout layout = GroupLayout.of(schema.fields(group));
        int width = layout.idWidth();
        int[] local = new int[table.ids().length];
        for (GroupLayout.Slot slot : layout.slots()) {
            if (slot.field().type() == FeatureType.DENSE) {
                continue;
            }
            int length = slot.field().maxLength();
            ids.clear(table.rows() * length + 1);
            ids.place(0);
            for (int start = slot.column(); start < local.length; start += width) {
                for (int i = start; i < start + length; i++) {
                    local[i] = ids.place(table.ids()[i]);
                }
            }
            idsOfField.put(slot.field().name(), ids.values());
        }
        return new FeatureTable(table.rows(), local, table.values());
    }
}
