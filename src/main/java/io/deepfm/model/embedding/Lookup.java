package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.deepfm.model.layer.LayerInput;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.FieldSchema;
import java.util.List;

/**
 * What fields whose ids stand side by side look up in tables of one width, by one operation for all of them.
 *
 * <p>What an id names is multiplied by its weight: 0 where it is OOV or padding, so that its row adds nothing and gets no
 * gradient, and else what pooling takes of it.
 */
final class Lookup {

    /** Of a table of so many rows at most, several are pooled by a product: its way back adds nothing up one by one. */
    private static final long FEW_ROWS = 64;

    /** Larger than any weight; taken off padding so that it never is the maximum. */
    private static final float FAR = 1e30f;

    private static final NDIndex FIRST_COLUMN = new NDIndex(":, 0:1");

    /**
     * A field that looks up.
     *
     * @param field the field
     * @param column its first column among the ids of its group
     * @param table where
     */
    record Slot(FieldSchema field, int column, Parameter table) {}

    /**
     * What is looked up for R rows of N ids each.
     *
     * @param index the row of each id, int64, shape (R * N, width); null where there are shares
     * @param weights the weight of each id, shape (R * N, 1); null where all are 1 or there are shares
     * @param shares the weights by the rows of a table of V rows, shape (R, V); null where they were not worked out
     */
    record Input(NDArray index, NDArray weights, NDArray shares) {

        /**
         * What some of the R rows look up.
         *
         * @param rows their numbers, shape (B)
         * @param tableRows R
         */
        Input of(NDArray rows, long tableRows) {
            if (shares != null) {
                return new Input(null, null, FeatureEmbedding.gather(shares, rows));
            }
            try (NDArray column = index.get(FIRST_COLUMN)) {
                NDArray numbers = of(column, rows, tableRows);
                return new Input(
                        numbers.broadcast(numbers.size(), index.getShape().get(1)),
                        weights == null ? null : of(weights, rows, tableRows),
                        null);
            }
        }

        /** Belongs to the manager of the row numbers; what is of the table's own, which stays, is closed. */
        private static NDArray of(NDArray column, NDArray rows, long tableRows) {
            try (NDArray byRow = column.reshape(tableRows, -1)) {
                return FeatureEmbedding.gather(byRow, rows).reshape(-1, 1);
            }
        }
    }

    private final List<Slot> slots;
    private final boolean pooled;
    private final int columns;
    private final long width;

    /**
     * @param slots fields that follow each other; if one of them takes the maximum it is the only one
     * @param pooled whether all that a row's ids name is put together, instead of side by side
     */
    Lookup(List<Slot> slots, boolean pooled) {
        this.slots = slots;
        this.pooled = pooled;
        this.columns = slots.stream().mapToInt(slot -> slot.field().maxLength()).sum();
        this.width = slots.get(0).table().shape().get(1);
    }

    /**
     * The fields' columns of their group's table.
     *
     * @param ids the ids of R rows, int64, shape (R, W)
     * @param weights the weight of each, shape (R, W)
     * @param rows what the ids are rows of
     */
    Input input(NDArray ids, NDArray weights, TableRows rows) {
        int first = slots.get(0).column();
        NDIndex own = new NDIndex(":, {}:{}", first, first + columns);
        NDArray numbers = numbers(ids.get(own), rows).reshape(-1, 1);
        return new Input(
                numbers.broadcast(numbers.size(), width), weights.get(own).reshape(-1, 1), null);
    }

    /**
     * What can be found out once of the rows of a table that stay the same; waits for the device.
     *
     * @param input what they look up, in whole tables
     */
    Input prepare(Input input) {
        if (isOfFewRows()) {
            return new Input(null, null, shares(input));
        }
        return input.weights().min().getFloat() == 1 ? new Input(input.index(), null, null) : input;
    }

    private boolean isOfFewRows() {
        Slot first = slots.get(0);
        return pooled
                && slots.size() == 1
                && columns > 1
                && first.field().combiner() != Combiner.MAX
                && first.table().shape().get(0) <= FEW_ROWS;
    }

    private NDArray shares(Input input) {
        Parameter table = slots.get(0).table();
        NDArray numbers = input.index().get(FIRST_COLUMN).reshape(-1, columns).sub(table.start());
        NDArray weights = input.weights().reshape(-1, columns, 1);
        NDArray shares = weights.getManager()
                .zeros(new Shape(weights.getShape().get(0), table.shape().get(0)));
        for (int i = 0; i < columns; i++) {
            NDIndex position = new NDIndex(":, {}", i);
            try (NDArray ones = numbers.get(position).oneHot((int) table.shape().get(0), DataType.FLOAT32)) {
                shares.addi(ones.muli(weights.get(position)));
            }
        }
        return shares;
    }

    /** Which rows of the tables beside each other ids name, shape (R, N). */
    private NDArray numbers(NDArray ids, TableRows rows) {
        long[] starts = new long[columns];
        NDList found = new NDList();
        int column = 0;
        for (Slot slot : slots) {
            int end = column + slot.field().maxLength();
            NDArray own = ids.get(new NDIndex(":, {}:{}", column, end));
            TableRows.Place place = rows.of(slot.table(), slot.field().name());
            found.add(place.numbers() == null ? own : numbers(place.numbers(), own));
            while (column < end) {
                starts[column++] = place.start();
            }
        }
        return LayerInput.sideBySide(found).add(ids.getManager().create(starts));
    }

    private static NDArray numbers(NDArray ofIds, NDArray ids) {
        return ofIds.gather(ids.reshape(-1), 0).reshape(ids.getShape());
    }

    /**
     * Looks up.
     *
     * @param input what
     * @param rows the tables
     * @return side by side, shape (R, N * width), or pooled, shape (R, width)
     */
    NDArray find(Input input, TableRows rows) {
        Slot any = slots.get(0);
        TableRows.Place place = rows.of(any.table(), any.field().name());
        if (input.shares() != null) {
            long end = place.start() + any.table().shape().get(0);
            return input.shares().matMul(place.values().get(new NDIndex("{}:{}", place.start(), end)));
        }
        NDArray found = place.values().gather(input.index(), 0);
        NDArray weights = input.weights();
        if (columns > 1) {
            found = found.reshape(-1, columns, width);
            weights = weights == null ? null : weights.reshape(-1, columns, 1);
        }
        found = weights == null ? found : found.mul(weights);
        if (columns == 1) {
            return found;
        }
        if (!pooled) {
            return found.reshape(-1, columns * width);
        }
        return any.field().combiner() == Combiner.MAX ? max(found, weights) : found.sum(new int[] {1});
    }

    /** The largest of what is known, 0 where nothing is. */
    private static NDArray max(NDArray found, NDArray known) {
        int[] positions = {1};
        return known == null
                ? found.max(positions)
                : found.add(known.sub(1f).mul(FAR)).max(positions).mul(known.max(positions));
    }
}
