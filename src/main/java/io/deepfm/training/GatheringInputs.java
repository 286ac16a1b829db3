package io.deepfm.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.model.embedding.GatheredRows;
import io.deepfm.model.parameter.Block;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.GroupLayout;
import io.deepfm.training.shard.Batch;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

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
        Map<Parameter, GatheredRows.Wanted> wanted = new HashMap<>();
        parameters.tables().forEach(table -> wanted.put(table, wanted(table, idsOfField)));
        return manager -> toDevice(manager, groups, wanted);
    }

    /** The rows of a table that its fields read; where there are several, all that one of them reads. */
    private GatheredRows.Wanted wanted(Parameter table, Map<String, int[]> idsOfField) {
        if (table.fields().size() == 1) {
            return new GatheredRows.Wanted(table, idsOfField.get(table.fields().get(0)));
        }
        ids.clear(table.fields().stream()
                .mapToInt(field -> idsOfField.get(field).length)
                .sum());
        Map<String, int[]> places = new HashMap<>();
        for (String field : table.fields()) {
            places.put(
                    field, IntStream.of(idsOfField.get(field)).map(ids::place).toArray());
        }
        return new GatheredRows.Wanted(table, ids.values(), places);
    }

    private FeatureBatch toDevice(
            NDManager manager, Map<FieldGroup, Rows> groups, Map<Parameter, GatheredRows.Wanted> wanted) {
        Map<Block, List<GatheredRows.Wanted>> blocks = new LinkedHashMap<>();
        for (Block block : parameters.tableBlocks()) {
            blocks.put(block, block.parameters().stream().map(wanted::get).toList());
        }
        Map<FieldGroup, FeatureBatch.Group> inputs = new EnumMap<>(FieldGroup.class);
        groups.forEach((group, found) -> {
            NDArray rowOfTable = found.rows() == null ? null : manager.create(FeatureBatch.rowNumbers(found.rows()));
            inputs.put(group, found.table().toDevice(manager, rowOfTable));
        });
        return new FeatureBatch(inputs, GatheredRows.gather(manager, blocks));
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
