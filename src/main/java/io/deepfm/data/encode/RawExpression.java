package io.deepfm.data.encode;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.unix_micros;

import io.deepfm.config.Located;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Spark SQL of a dataset's description, over the columns of a raw table. */
public final class RawExpression {

    private RawExpression() {}

    /**
     * The type of an expression.
     *
     * @param table the raw table
     * @param expression Spark SQL
     * @param what what it is for, in errors
     * @param source where the table's columns are from, in errors
     * @return its type
     * @throws io.deepfm.config.ConfigException if it cannot be computed; the message names its place, the source and the columns
     */
    public static DataType type(Dataset<Row> table, Located expression, String what, Located source) {
        try {
            return table.select(expr(expression.text())).schema().fields()[0].dataType();
        } catch (Exception e) {
            if (e instanceof AnalysisException) {
                throw expression.error(what + ": cannot compute " + expression + ". "
                        + e.getMessage().lines().findFirst().orElse("") + " Columns of " + source + ": "
                        + String.join(", ", table.columns()) + ".");
            }
            throw e;
        }
    }

    /**
     * A condition on rows.
     *
     * @param table the raw table
     * @param condition Spark SQL
     * @param what what it is for, in errors
     * @param source where the table's columns are from, in errors
     * @throws io.deepfm.config.ConfigException if it cannot be computed of a row alone, or is neither true nor false
     */
    public static void condition(Dataset<Row> table, Located condition, String what, Located source) {
        DataType type = type(table, condition, what, source);
        if (!(type instanceof BooleanType)) {
            throw condition.error(what + ": " + condition + " gives " + type.simpleString()
                    + ", but a condition must be true or false. Compare it, such as " + condition + " >= 4.");
        }
        boolean isOfRow;
        try {
            isOfRow = table.filter(expr(condition.text()))
                    .queryExecution()
                    .analyzed()
                    .expressions()
                    .forall(expression -> expression.deterministic());
        } catch (Exception e) {
            // Scala does not declare it.
            if (!(e instanceof AnalysisException)) {
                throw e;
            }
            isOfRow = false;
        }
        if (!isOfRow) {
            throw condition.error(
                    what + ": " + condition + " must give the same for a row each time, from its own columns alone.");
        }
    }

    /**
     * A number that orders interactions by an expression.
     *
     * @param interactions raw interactions
     * @param time Spark SQL that gives a number or a time
     * @param source where the columns are from, in errors
     * @return long or double; of a timestamp microseconds
     * @throws io.deepfm.config.ConfigException if it gives neither
     */
    public static Column time(Dataset<Row> interactions, Located time, Located source) {
        DataType type = type(interactions, time, "time", source);
        Column value = expr(time.text());
        if (type instanceof IntegralType) {
            return value.cast("long");
        }
        if (type instanceof NumericType) {
            return value.cast("double");
        }
        if (type instanceof TimestampType || type instanceof TimestampNTZType || type instanceof DateType) {
            return unix_micros(value.cast("timestamp"));
        }
        throw time.error("time: " + time + " gives " + type.simpleString()
                + ", which is not a time. Use a number, or for example to_timestamp(" + time + ").");
    }
}
