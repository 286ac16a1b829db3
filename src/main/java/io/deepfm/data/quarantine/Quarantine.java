package io.deepfm.data.quarantine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.regexp_replace;

import io.deepfm.config.redaction.Redaction;
import io.deepfm.data.read.LeftOut;
import io.deepfm.data.read.RawRows;
import io.deepfm.data.read.TableReader;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * Quarantines unusable rows: JSON lines with file, line, reason and detail, in a folder per table. Too large a
 * share of them is an error.
 */
public final class Quarantine {

    /** The quarantined rows, a folder per table, within the work directory. */
    public static final String FOLDER = "quarantine";

    /** What the names of {@link #counts} begin with. */
    public static final String PREFIX = "quarantine.";

    private final Storage storage;
    private final Path folder;
    private final double maxBadRows;
    private final Map<String, Long> counts = new LinkedHashMap<>();

    /**
     * @param storage the file systems
     * @param target what holds the folder
     * @param maxBadRows the largest share of a table's rows that may be quarantined
     */
    public Quarantine(Storage storage, Path target, double maxBadRows) {
        this.storage = storage;
        this.folder = new Path(target, FOLDER);
        this.maxBadRows = maxBadRows;
    }

    /**
     * Writes a table's good rows and quarantines the bad ones: as many as are missing in what was written, but for those that
     * are {@linkplain LeftOut left out}, which are counted alone.
     *
     * @param raw rows with the columns of {@link TableReader}
     * @param table what to call them
     * @param goodRows makes what is to be written of the good rows
     * @param path where to write it
     * @return the number of good rows
     * @throws DataException if too many are bad
     */
    public long write(RawRows raw, String table, UnaryOperator<Dataset<Row>> goodRows, Path path) {
        Path aside = new Path(folder, table);
        storage.makeWritable(aside);
        long good = ParquetTables.write(goodRows.apply(good(raw.rows())), path);
        if (good < raw.count()) {
            setAside(raw, table, aside);
        }
        return good;
    }

    private void setAside(RawRows raw, String table, Path aside) {
        Map<String, Long> reasons = reasons(raw.rows());
        long total = raw.count();
        for (LeftOut why : LeftOut.values()) {
            long leftOut = Optional.ofNullable(reasons.remove(why.setting())).orElse(0L);
            total -= leftOut;
            if (leftOut > 0) {
                counts.put(why.count(table), leftOut);
            }
        }
        if (!reasons.isEmpty()) {
            Dataset<Row> rows = bad(raw.rows());
            BadRows bad = new BadRows(rows, reasons, BadRows.columns(raw.rows()));
            if (bad.count() > maxBadRows * total) {
                refuse(bad, table, total);
            }
            rows.write().mode(SaveMode.Append).json(aside.toString());
            reasons.forEach((reason, count) -> counts.put(PREFIX + table + "." + reason, count));
        }
    }

    /** How many rows there are with each reason, in alphabetical order. */
    private static Map<String, Long> reasons(Dataset<Row> rows) {
        Map<String, Long> reasons = new TreeMap<>();
        rows.filter(col(TableReader.PROBLEM).isNotNull())
                .groupBy(col(TableReader.PROBLEM + ".reason"))
                .count()
                .collectAsList()
                .forEach(row -> reasons.put(row.getString(0), row.getLong(1)));
        return reasons;
    }

    /** The rows that have no problem, without its column. */
    public static Dataset<Row> good(Dataset<Row> rows) {
        return rows.filter(col(TableReader.PROBLEM).isNull()).drop(TableReader.PROBLEM);
    }

    /**
     * How many rows were quarantined and left out.
     *
     * @return rows by {@code quarantine.<table>.<reason>} and by {@link LeftOut#count}
     */
    public Map<String, Long> counts() {
        return Map.copyOf(counts);
    }

    private void refuse(BadRows bad, String table, long total) {
        String share = String.format(Locale.ROOT, "%.2g", (double) bad.count() / total);
        String rows = bad.message();
        throw new DataException(frontEnd -> rows + "Correct or remove these lines, or quarantine them with "
                + frontEnd.setting("data.max_bad_rows", "SHARE") + " (now " + maxBadRows + "; the share is "
                + share + " of " + table + ").");
    }

    /**
     * Refuses rows that cannot be used, where none may be quarantined.
     *
     * @param rows rows with the columns of {@link TableReader}
     * @param columns the names of the source's columns
     * @return the rows, without the problem's column and without those that are left out
     * @throws DataException if one is bad
     */
    public static Dataset<Row> requireGood(Dataset<Row> rows, List<String> columns) {
        Map<String, Long> reasons = reasons(LeftOut.without(rows));
        if (!reasons.isEmpty()) {
            throw new DataException(
                    new BadRows(bad(rows), reasons, columns).message() + "Correct or remove these lines.");
        }
        return LeftOut.without(rows).drop(TableReader.PROBLEM);
    }

    /**
     * As {@link #requireGood(Dataset, List)}, of rows that still have their source's columns.
     *
     * @param rows rows with the columns of {@link TableReader}
     * @return the good rows
     * @throws DataException if one is bad
     */
    public static Dataset<Row> requireGood(Dataset<Row> rows) {
        return requireGood(rows, BadRows.columns(rows));
    }

    private static Dataset<Row> bad(Dataset<Row> rows) {
        return LeftOut.without(rows)
                .filter(col(TableReader.PROBLEM).isNotNull())
                .select(
                        regexp_replace(col(TableReader.FILE), Redaction.USER_INFO, "$1" + Redaction.HIDDEN + "@")
                                .as("file"),
                        col(TableReader.LINE).as("line"),
                        col(TableReader.PROBLEM + ".reason").as("reason"),
                        col(TableReader.PROBLEM + ".detail").as("detail"));
    }
}
