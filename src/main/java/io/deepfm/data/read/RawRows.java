package io.deepfm.data.read;

import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows of a source as {@link TableReader} reads them.
 *
 * @param rows the source's columns and those of {@link TableReader}
 * @param count the number of rows
 */
public record RawRows(Dataset<Row> rows, long count) {

    /** With further problems of rows that had none yet. */
    public RawRows check(List<Column> problems) {
        return map(table -> TableReader.check(table, problems));
    }

    /** Changes the rows, but not their number. */
    public RawRows map(UnaryOperator<Dataset<Row>> change) {
        return new RawRows(change.apply(rows), count);
    }
}
