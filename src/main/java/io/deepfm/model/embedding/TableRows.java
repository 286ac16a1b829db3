package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import io.deepfm.model.parameter.Parameter;

/** The rows of the embedding tables that a batch's ids name. */
@FunctionalInterface
public interface TableRows {

    /** All rows: an id is a row of its table. */
    TableRows ALL = (table, field) -> table.array();

    /**
     * The rows of a table.
     *
     * @param table an embedding table
     * @param field one of the fields that look up in it
     * @return shape (rows, width); row 0 is OOV and padding
     */
    NDArray of(Parameter table, String field);
}
