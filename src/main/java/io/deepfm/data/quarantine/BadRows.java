package io.deepfm.data.quarantine;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;

import io.deepfm.schema.Tables;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * What is reported of rows that cannot be used: how many there are of each kind, the first of each, and the columns.
 *
 * @param rows {@code file}, {@code line}, {@code reason} and {@code detail}
 * @param kinds how many rows there are by their reason
 * @param columns the names of the source's columns
 */
record BadRows(Dataset<Row> rows, Map<String, Long> kinds, List<String> columns) {

    private static final int SHOWN_OF_A_KIND = 3;
    private static final String WIDTH = "wrong number of columns";

    /** The names of a table's own columns. */
    static List<String> columns(Dataset<Row> table) {
        return Stream.of(table.columns())
                .filter(name -> !name.startsWith("_") && !Tables.RESERVED_RAW.contains(name))
                .toList();
    }

    /** How many rows there are. */
    long count() {
        return kinds.values().stream().mapToLong(Long::longValue).sum();
    }

    /** The kinds with their numbers, the most frequent first, and then lines that begin with file and line. */
    String message() {
        List<String> byNumber = kinds.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(Map.Entry::getKey)
                .toList();
        String numbers = byNumber.stream()
                .map(kind -> String.format(Locale.ROOT, "%,d %s", kinds.get(kind), kind))
                .collect(Collectors.joining(", "));
        String examples = first().stream()
                .sorted(Comparator.comparingInt(row -> byNumber.indexOf(row.<String>getAs("reason"))))
                .map(BadRows::line)
                .collect(Collectors.joining());
        return String.format(Locale.ROOT, "%,d %s cannot be used: ", count(), count() == 1 ? "row" : "rows")
                + numbers
                + (examples.lines().count() < count() ? ". The first of each kind:\n" : ".\n")
                + examples
                + (kinds.containsKey(WIDTH) ? "The columns are " + String.join(", ", columns) + ".\n" : "");
    }

    private List<Row> first() {
        return rows.withColumn(
                        "_place", row_number().over(Window.partitionBy("reason").orderBy("file", "line")))
                .filter(col("_place").leq(SHOWN_OF_A_KIND))
                .orderBy("file", "line")
                .collectAsList();
    }

    private static String line(Row row) {
        return plain(row.getString(0)) + ":" + row.getLong(1) + ": " + row.getString(3) + "\n";
    }

    /** As the configuration names it: a local file without its scheme. */
    private static String plain(String file) {
        return file.replaceFirst("^file:/+", "/");
    }
}
