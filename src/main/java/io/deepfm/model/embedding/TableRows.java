package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import io.deepfm.model.parameter.Parameter;

/** The rows of the embedding tables that a batch's ids name. */
@FunctionalInterface
public interface TableRows {

    /** All rows: an id is a row of its table. */
    TableRows ALL = (table, field) -> new Place(table.block().array(), table.start(), null);

    /**
     * Where a table's rows are.
     *
     * @param values the rows of all tables of a width, shape (N, width)
     * @param start which of them is the table's first, that of OOV and padding
     * @param numbers which row of the table an id names, int64, shape (ids); null where it is that of the same number
     */
    record Place(NDArray values, long start, NDArray numbers) {}

    /**
     * The rows of a table.
     *
     * @param table an embedding table
     * @param field one of the fields that look up in it
     * @return where they are; tables of one width have the same {@code values}
     */
    Place of(Parameter table, String field);
}
