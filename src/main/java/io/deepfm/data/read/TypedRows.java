package io.deepfm.data.read;

import static org.apache.spark.sql.functions.abs;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.isnan;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.trim;
import static org.apache.spark.sql.functions.when;

import io.deepfm.dataset.TableSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.FractionalType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Converts columns to their types and finds what is wrong with rows, and what their source's condition leaves out. */
final class TypedRows {

    private TypedRows() {}

    /** Which values a line must have to be taken apart: what a condition leaves out may lack any. */
    static StructType parsed(StructType schema, TableSource source) {
        return source.where().isPresent() ? schema.asNullable() : schema;
    }

    /**
     * The rows of a source as its description wants them.
     *
     * @param raw what a format's reader gave: the columns of {@link #parsed}, of other types where they need conversion
     * @param source the source
     * @param schema its columns; one that is not nullable must have a value
     * @param places columns that stay as they are
     * @return the source's columns, the places and {@link TableReader#PROBLEM}
     */
    static Dataset<Row> of(Dataset<Row> raw, TableSource source, StructType schema, List<String> places) {
        Dataset<Row> rows = source.isDelimited() ? raw : withoutNullValues(raw, source);
        Dataset<Row> typed = typed(rows, parsed(schema, source), source.isDelimited(), places);
        if (source.where().isEmpty()) {
            return typed;
        }
        Column isTaken = coalesce(expr(source.where().get().text()), lit(false));
        List<Column> missing = Arrays.stream(schema.fields())
                .filter(field -> !field.nullable())
                .map(field -> missing(field, col(TableReader.quoted(field.name()))))
                .toList();
        return TableReader.check(
                TableReader.check(typed, List.of(when(not(isTaken), LeftOut.WHERE.problem()))), missing);
    }

    /** Texts that stand for a missing value become one. */
    private static Dataset<Row> withoutNullValues(Dataset<Row> raw, TableSource source) {
        if (source.nullValues().isEmpty()) {
            return raw;
        }
        Column[] columns = Arrays.stream(raw.schema().fields())
                .map(field -> {
                    Column value = col(TableReader.quoted(field.name()));
                    boolean isText = field.dataType().equals(DataTypes.StringType)
                            && !field.name().equals(TableReader.FILE);
                    Column isNull = trim(value).isin(source.nullValues().toArray());
                    return isText ? when(not(isNull), value).as(field.name()) : value;
                })
                .toArray(Column[]::new);
        return raw.select(columns);
    }

    private static Column missing(StructField field, Column value) {
        return when(value.isNull(), TableReader.problem("missing value", lit("column " + field.name() + " is empty")));
    }

    /** Converts columns to their types and finds values that cannot be; and, where not done yet, those missing or not finite. */
    private static Dataset<Row> typed(Dataset<Row> raw, StructType schema, boolean checked, List<String> places) {
        List<Column> columns = new ArrayList<>();
        List<Column> problems = new ArrayList<>();
        StructType found = raw.schema();
        for (int i = 0; i < schema.length(); i++) {
            StructField field = schema.fields()[i];
            Column before = col(TableReader.quoted(field.name()));
            Column value = before;
            if (!found.fields()[i].dataType().equals(field.dataType())) {
                value = expr("try_cast(" + TableReader.quoted(field.name()) + " AS "
                        + field.dataType().sql() + ")");
                // A cast would cut 3.5 to 3.
                boolean mayBeCut = found.fields()[i].dataType() instanceof FractionalType
                        && field.dataType() instanceof IntegralType;
                problems.add(when(
                        before.isNotNull().and(mayBeCut ? not(before.eqNullSafe(value)) : value.isNull()),
                        TableReader.problem(
                                "wrong type",
                                concat(
                                        lit("column " + field.name() + " is not of type "
                                                + field.dataType().simpleString() + ": '"),
                                        before.cast("string"),
                                        lit("'")))));
            }
            if (!checked && !field.nullable()) {
                problems.add(missing(field, before));
            }
            if (!checked && List.of(DataTypes.DoubleType, DataTypes.FloatType).contains(field.dataType())) {
                problems.add(when(
                        isnan(value).or(abs(value).equalTo(Double.POSITIVE_INFINITY)),
                        TableReader.problem(
                                "not finite",
                                concat(
                                        lit("column " + field.name() + " is not finite: "),
                                        coalesce(value.cast("string"), lit(""))))));
            }
            columns.add(value.as(field.name()));
        }
        places.forEach(place -> columns.add(col(place)));
        columns.add(
                problems.isEmpty()
                        ? col(TableReader.PROBLEM)
                        : coalesce(col(TableReader.PROBLEM), TableReader.firstOf(problems))
                                .as(TableReader.PROBLEM));
        return raw.select(columns.toArray(Column[]::new));
    }
}
