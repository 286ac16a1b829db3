package io.deepfm.data.read;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Why a row is not taken with which nothing is wrong. Such rows have a {@link TableReader#PROBLEM} of that reason, but are
 * neither quarantined nor an error: the settings want it so.
 */
public enum LeftOut {
    /** The source's condition is not true. */
    WHERE,
    /** It repeats an earlier row, as {@code data.duplicates} says. */
    DUPLICATES,
    /** The user has another interaction with the item, as {@code data.repeated_pairs} says. */
    REPEATED_PAIRS;

    /** What the names of {@link #count} begin with. */
    public static final String PREFIX = "left_out.";

    /** The setting that wants it, which is the problem's reason. */
    public String setting() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What rows have as their problem. */
    public Column problem() {
        return TableReader.problem(setting(), lit(""));
    }

    /** Whether a row is left out for any such reason. */
    public static Column isLeftOut(Column reason) {
        return reason.isin(Arrays.stream(values()).map(LeftOut::setting).toArray());
    }

    /** Rows without those that are left out. */
    public static Dataset<Row> without(Dataset<Row> rows) {
        Column reason = col(TableReader.PROBLEM + ".reason");
        return rows.filter(reason.isNull().or(not(isLeftOut(reason))));
    }

    /**
     * The name of the number of rows in a manifest.
     *
     * @param table whose rows
     * @return {@code left_out.<table>.<setting>}
     */
    public String count(String table) {
        return PREFIX + table + "." + setting();
    }
}
