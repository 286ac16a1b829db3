package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;
import io.deepfm.model.embedding.FeatureViews.View;
import io.deepfm.model.layer.LayerInput;
import io.deepfm.model.layer.SharedRows;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.GroupLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Embeds sparse, dense and sequence fields and gives the views of a batch.
 *
 * <p>A user's or item's part of the views is a function of its table row alone. So each group is embedded once per table
 * row, where the table is smaller than the batch. Its terms are gathered per batch row: one gather per group instead of two
 * per field. Its flat vectors are handed on as they are, with the row numbers. The views are the same either way.
 *
 * <p>Id 0 is OOV or padding: what is looked up is multiplied by 0, so its row adds nothing and gets no gradient.
 */
public final class FeatureEmbedding {

    /** So many rows of a table are prepared at most: it takes memory on the device. */
    private static final int MOST_PREPARED = 65_536;

    private final List<FieldSchema> fields;
    private final boolean firstOrder;
    private final ViewColumns columns;
    private final FactorizationMachine machine;
    private final Set<View> views;
    private final Map<FieldGroup, GroupEmbedding> groups = new EnumMap<>(FieldGroup.class);

    /**
     * @param parameters where the weights are declared
     * @param schema the fields
     * @param dim the common dimension D to which vectors are projected; 0 for no such vectors
     * @param heads the number of logits H
     * @param firstOrder whether there is a linear term
     * @param views what the model asks for besides
     */
    public FeatureEmbedding(
            Parameters parameters, DatasetSchema schema, int dim, int heads, boolean firstOrder, Set<View> views) {
        this.fields = schema.fields();
        this.firstOrder = firstOrder;
        this.columns = new ViewColumns(fields, dim, firstOrder ? heads : 0, heads, views);
        this.views = views;
        Map<String, Parameter> tables = new HashMap<>();
        for (FieldGroup group : FieldGroup.values()) {
            List<FieldEmbedding> embeddings = new ArrayList<>();
            for (GroupLayout.Slot slot : GroupLayout.of(schema.fields(group)).slots()) {
                embeddings.add(new FieldEmbedding(parameters, slot, dim, firstOrder ? heads : 0, tables));
            }
            if (!embeddings.isEmpty()) {
                boolean projects = views.stream().anyMatch(view -> view != View.FLAT);
                groups.put(group, new GroupEmbedding(embeddings, firstOrder, projects));
            }
        }
        machine = views.contains(View.SECOND_ORDER) ? new FactorizationMachine(parameters, dim, heads) : null;
    }

    /**
     * The views of a batch.
     *
     * @param batch the input
     * @return the views
     */
    public FeatureViews forward(FeatureBatch batch) {
        List<FieldGroup> withTerms = new ArrayList<>();
        NDList terms = new NDList();
        List<SharedRows> flat = new ArrayList<>();
        for (FieldGroup group : groups.keySet()) {
            FeatureBatch.Group given = batch.groups().get(group);
            boolean isLarge =
                    given.rows() != null && given.tableRows() > given.rows().size();
            FeatureBatch.Group input = isLarge ? given.gathered() : given;
            GroupEmbedding.Embedded embedded = embedded(group, input, batch.tables());
            NDList parts = terms(embedded);
            if (!parts.isEmpty()) {
                withTerms.add(group);
                terms.add(new SharedRows(LayerInput.sideBySide(parts), input.rows()).gathered());
            }
            if (views.contains(View.FLAT)) {
                flat.add(new SharedRows(embedded.flat(), input.rows()));
            }
        }
        return views(columns.cut(withTerms, terms), flat.isEmpty() ? null : new LayerInput(flat));
    }

    /**
     * Finds out beforehand what a table that stays the same is asked for in each pass, if it is not too large.
     *
     * @param manager owns it
     * @param group the group
     * @param table its ids and values of R rows
     * @return the same table
     */
    public FeatureBatch.Group prepare(NDManager manager, FieldGroup group, FeatureBatch.Group table) {
        if (!groups.containsKey(group) || table.tableRows() > MOST_PREPARED) {
            return table;
        }
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            GroupEmbedding.Input prepared = groups.get(group).prepare(table);
            prepared.keep(manager);
            return new FeatureBatch.Group(table.ids(), table.values(), table.rows(), prepared);
        }
    }

    /**
     * Embeds each row of a group's table.
     *
     * @param group the group
     * @param table its ids and values of R rows
     * @return shape (R, C), the columns that {@link #views} knows: the linear term and half the squares of the vectors for each
     *     head, the sum of the vectors, the F vectors of D, the flat vectors; of these what the model asks for
     */
    public NDArray embed(FieldGroup group, FeatureBatch.Group table) {
        GroupEmbedding.Embedded embedded = embedded(group, table, TableRows.ALL);
        NDList parts = terms(embedded);
        if (views.contains(View.FLAT)) {
            parts.add(embedded.flat());
        }
        return LayerInput.sideBySide(parts);
    }

    private GroupEmbedding.Embedded embedded(FieldGroup group, FeatureBatch.Group table, TableRows rows) {
        GroupEmbedding fields = groups.get(group);
        return fields.embed(isPrepared(table, rows) ? table.prepared() : fields.input(table, rows), rows);
    }

    /** The columns of all views but the flat one. */
    private NDList terms(GroupEmbedding.Embedded embedded) {
        NDArray vectors = embedded.vectors();
        NDList parts = new NDList();
        if (firstOrder) {
            parts.add(embedded.linear());
        }
        if (views.contains(View.SECOND_ORDER) && vectors != null) {
            parts.add(machine.halfSquares(vectors));
            parts.add(vectors.sum(new int[] {1}));
        }
        if (views.contains(View.FIELDS) && vectors != null) {
            Shape shape = vectors.getShape();
            parts.add(vectors.reshape(shape.get(0), shape.get(1) * shape.get(2)));
        }
        return parts;
    }

    /** What was found out beforehand are rows of whole tables. */
    private static boolean isPrepared(FeatureBatch.Group table, TableRows rows) {
        return table.prepared() != null && rows == TableRows.ALL;
    }

    /**
     * Puts the groups' parts side by side.
     *
     * @param embedded what {@link #embed} gave for each group, one row per batch row, in the order of the groups
     * @return the views
     */
    public FeatureViews views(NDList embedded) {
        return views(columns.cut(groups(), embedded));
    }

    private FeatureViews views(ViewColumns.Cut cut) {
        return views(cut, cut.flat().isEmpty() ? null : LayerInput.of(LayerInput.sideBySide(cut.flat())));
    }

    /**
     * The views of one side's rows alone.
     *
     * @param side the side
     * @param embedded what {@link #embed} gave for each of its groups, in the order of the groups
     * @return the rows
     */
    public SideRows side(Side side, NDList embedded) {
        ViewColumns.Cut cut = columns.cut(groups(side), embedded);
        return new SideRows(
                side, views(cut), cut.sums().isEmpty() ? null : sum(cut.sums()), LayerInput.sideBySide(embedded));
    }

    private FeatureViews views(ViewColumns.Cut cut, LayerInput flat) {
        return new FeatureViews(
                cut.linear().isEmpty() ? null : sum(cut.linear()),
                cut.sums().isEmpty() ? null : machine.pairs(cut.sums(), cut.halfSquares()),
                cut.vectors().isEmpty() ? null : LayerInput.sideBySide(cut.vectors()),
                flat);
    }

    /**
     * What each field brings to rows, apart from the others.
     *
     * @param rows the features of each group that has fields, row i for batch row i
     * @return the parts
     */
    public FieldParts parts(Map<FieldGroup, FeatureBatch.Group> rows) {
        return FieldParts.of(groups, rows, firstOrder);
    }

    /**
     * The heads' weights of the vectors' dimensions in the second-order view.
     *
     * @return shape (H, D); null where all are 1, as with one head
     */
    public NDArray secondOrderWeight() {
        return machine == null ? null : machine.weight();
    }

    /**
     * The groups that bring something to the views, in the order of {@link #views}.
     *
     * @return a part of user, item, context
     */
    public List<FieldGroup> groups() {
        return groups.keySet().stream()
                .filter(group -> columns.width(group) > 0)
                .toList();
    }

    /**
     * The groups of one side that bring something.
     *
     * @param side the side
     * @return a part of {@link #groups()}
     */
    public List<FieldGroup> groups(Side side) {
        return groups().stream().filter(side::has).toList();
    }

    /**
     * The width of what {@link #embed} gives.
     *
     * @param group the group
     * @return C
     */
    public int width(FieldGroup group) {
        return columns.width(group);
    }

    /**
     * The item's columns of {@link FeatureViews#flat}.
     *
     * @return their place
     */
    public ItemColumns itemsOfFlat() {
        return columns.items(FieldSchema::flatDim);
    }

    /**
     * The item's fields among those of {@link FeatureViews#fields}.
     *
     * @return their place
     */
    public ItemColumns itemsOfFields() {
        return columns.items(ViewColumns::vectors);
    }

    /**
     * The number of fields that have a vector.
     *
     * @return F
     */
    public int embeddedFields() {
        return (int) fields.stream().filter(FieldSchema::isEmbedded).count();
    }

    /**
     * Rows of a table.
     *
     * @param table shape (R, ...)
     * @param rows integer row numbers, shape (B)
     * @return shape (B, ...)
     */
    public static NDArray gather(NDArray table, NDArray rows) {
        return Embedding.embedding(rows, table, SparseFormat.DENSE).singletonOrThrow();
    }

    static NDArray sum(NDList parts) {
        NDArray sum = parts.get(0);
        for (NDArray part : parts.subList(1, parts.size())) {
            sum = sum.add(part);
        }
        return sum;
    }
}
