package io.deepfm.data.read;

import io.deepfm.data.lines.LineParser;
import io.deepfm.data.lines.LineRecords;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.io.Text;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Makes rows of lines of text: integers, numbers and strings as they are, values of other types as strings, for Spark to convert.
 *
 * @param parser takes lines apart
 * @param charset the name of the lines' character set
 * @param schema the columns; one that is not nullable must have a value
 * @param nullValues texts that stand for a missing value
 * @param multiLine whether a quoted value may span lines
 * @param afterHeader whether the first line of a file looks like a header that nothing announces
 */
record DelimitedLine(
        LineParser parser,
        String charset,
        StructType schema,
        Set<String> nullValues,
        boolean multiLine,
        boolean afterHeader)
        implements Serializable {

    private static final int CHARACTERS_SHOWN = 100;
    private static final Pattern NOT_FINITE = Pattern.compile("[+-]?(nan|inf|infinity)", Pattern.CASE_INSENSITIVE);

    /** What is wrong with a value. */
    private static final class Problem extends Exception {
        private static final long serialVersionUID = 1L;
        private final String reason;

        Problem(String reason, String detail) {
            super(detail, null, false, false);
            this.reason = reason;
        }
    }

    /** The type of the values that are made for a column of a type: the same, or STRING. */
    static DataType typeOf(DataType type) {
        boolean isNumber = List.of(
                        DataTypes.ByteType,
                        DataTypes.ShortType,
                        DataTypes.IntegerType,
                        DataTypes.LongType,
                        DataTypes.FloatType,
                        DataTypes.DoubleType)
                .contains(type);
        return isNumber ? type : DataTypes.StringType;
    }

    /** The columns, then those of {@link TableReader}. */
    StructType rowType() {
        StructType type = new StructType();
        for (StructField field : schema.fields()) {
            type = type.add(field.name(), typeOf(field.dataType()));
        }
        return type.add(TableReader.ROW, DataTypes.LongType, false)
                .add(TableReader.FILE, DataTypes.StringType, false)
                .add(TableReader.LINE, DataTypes.LongType, false)
                .add(TableReader.PROBLEM, TableReader.PROBLEM_TYPE);
    }

    /** The row of a line that stands at a place. */
    Row row(Text text, long row, String file, long line) {
        int width = schema.length();
        Object[] values = new Object[width + 4];
        values[width] = row;
        values[width + 1] = file;
        values[width + 2] = line;
        try {
            fill(text, values);
        } catch (Problem e) {
            values[width + 3] = RowFactory.create(e.reason, e.getMessage() + hint(line));
        }
        return RowFactory.create(values);
    }

    /** The records of a part of a file. */
    LineRecords records(Iterator<Text> lines) {
        return new LineRecords(lines, parser, Charset.forName(charset), multiLine);
    }

    private String hint(long line) {
        return afterHeader && line == 1 ? ". The line looks like a header: set header = true?" : "";
    }

    private void fill(Text text, Object[] values) throws Problem {
        String line = decoded(text);
        List<String> texts = parser.values(line);
        if (texts == null) {
            throw new Problem(
                    "wrong quotes",
                    "has a quote that is not closed before a delimiter or the end of the line"
                            + (multiLine
                                    ? ", nor within " + LineRecords.MOST_LINES + " lines: "
                                    : " (values that span lines require multi_line = true): ")
                            + shown(line));
        }
        if (texts.size() != schema.length()) {
            throw new Problem(
                    "wrong number of columns",
                    "has " + texts.size() + " columns instead of " + schema.length() + ": " + shown(line));
        }
        for (int i = 0; i < texts.size(); i++) {
            values[i] = value(texts.get(i), schema.fields()[i]);
        }
    }

    private String decoded(Text text) throws Problem {
        Charset set = Charset.forName(charset);
        try {
            // A decoder of its own refuses what cannot be decoded.
            return set.newDecoder()
                    .decode(ByteBuffer.wrap(text.getBytes(), 0, text.getLength()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Problem(
                    "wrong encoding",
                    "is not valid " + charset + ": " + shown(new String(text.getBytes(), 0, text.getLength(), set))
                            + ". If the file has another encoding, set encoding = ...");
        }
    }

    private Object value(String text, StructField field) throws Problem {
        DataType type = field.dataType();
        String stripped = text.strip();
        if (stripped.isEmpty() || nullValues.contains(stripped)) {
            if (!field.nullable()) {
                throw new Problem(
                        "missing value", "column " + field.name() + " is " + (stripped.isEmpty() ? "empty" : stripped));
            }
            return null;
        }
        if (type.equals(DataTypes.StringType)) {
            return text;
        }
        if (!typeOf(type).equals(type)) {
            return stripped;
        }
        boolean isFractional = type.equals(DataTypes.DoubleType) || type.equals(DataTypes.FloatType);
        return isFractional ? number(stripped, field) : wholeNumber(stripped, field);
    }

    private static Object number(String text, StructField field) throws Problem {
        if (NOT_FINITE.matcher(text).matches()) {
            throw notFinite(text, field);
        }
        if (!LineParser.NUMBER.matcher(text).matches()) {
            throw wrongType(text, field, "a number");
        }
        boolean isFloat = field.dataType().equals(DataTypes.FloatType);
        double value = isFloat ? Float.parseFloat(text) : Double.parseDouble(text);
        if (Double.isInfinite(value)) {
            throw notFinite(text, field);
        }
        return isFloat ? (Object) (float) value : (Object) value;
    }

    private static Object wholeNumber(String text, StructField field) throws Problem {
        try {
            long value = Long.parseLong(text);
            if (field.dataType().equals(DataTypes.LongType)) {
                return value;
            }
            if (field.dataType().equals(DataTypes.IntegerType) && value == (int) value) {
                return (int) value;
            }
            if (field.dataType().equals(DataTypes.ShortType) && value == (short) value) {
                return (short) value;
            }
            if (field.dataType().equals(DataTypes.ByteType) && value == (byte) value) {
                return (byte) value;
            }
        } catch (NumberFormatException e) {
            throw wrongType(text, field, "an integer");
        }
        throw wrongType(text, field, "of type " + field.dataType().simpleString());
    }

    private static Problem notFinite(String text, StructField field) {
        return new Problem("not finite", "column " + field.name() + " is not finite: " + shown(text));
    }

    private static Problem wrongType(String text, StructField field, String kind) {
        return new Problem("wrong type", "column " + field.name() + " is not " + kind + ": " + shown(text));
    }

    /** A long text's beginning, on one line. */
    private static String shown(String value) {
        String text = value.replace("\n", "\\n");
        return "'" + (text.length() > CHARACTERS_SHOWN ? text.substring(0, CHARACTERS_SHOWN) + "..." : text) + "'";
    }
}
