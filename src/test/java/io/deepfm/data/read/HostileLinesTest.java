package io.deepfm.data.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.Mutations;
import io.deepfm.data.lines.LineParser;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import org.apache.hadoop.io.Text;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * Damaged lines of data files: what is wrong is said, or each value is what the line holds. What a line holds is found here
 * in another way: character by character, and with numbers of any size.
 */
@Tag("proof")
class HostileLinesTest {

    private static final StructType COLUMNS = StructType.fromDDL(
            "user STRING NOT NULL, item BIGINT NOT NULL, rating INT, price DOUBLE, weight FLOAT, place SMALLINT, title STRING");
    private static final List<String> VALUES =
            List.of("u\u00e943", "881250949", "-3", "12.5e1", "0.001", "+12", "Film n\u00b0 1 (1995), \"cut\"");

    @Property(tries = 4000)
    void aDamagedLineWithoutQuotesIsRefusedOrReadsAsItIs(@ForAll long seed) {
        check(
                String.join("\t", VALUES),
                new DelimitedLine(new LineParser("\t", ""), "UTF-8", COLUMNS, Set.of(), false, false),
                seed);
    }

    @Property(tries = 4000)
    void aDamagedLineWithQuotesIsRefusedOrReadsAsItIs(@ForAll long seed) {
        List<String> quoted = VALUES.stream()
                .map(value -> '"' + value.replace("\"", "\"\"") + '"')
                .toList();
        check(
                String.join(",", quoted),
                new DelimitedLine(new LineParser(",", "\""), "UTF-8", COLUMNS, Set.of(), false, false),
                seed);
    }

    private static void check(String valid, DelimitedLine reader, long seed) {
        byte[] line = Mutations.of(valid.getBytes(StandardCharsets.UTF_8), new Random(seed));
        for (int i = 0; i < line.length; i++) {
            line[i] = line[i] == '\n' || line[i] == '\r' ? (byte) ' ' : line[i];
        }
        Row row = reader.row(new Text(line), 7, "file", 8);
        List<Object> expected = expected(line, reader.parser());
        boolean isRefused = !row.isNullAt(COLUMNS.length() + 3);
        assertThat(isRefused).as(new String(line, StandardCharsets.UTF_8)).isEqualTo(expected == null);
        if (!isRefused) {
            for (int i = 0; i < COLUMNS.length(); i++) {
                assertThat(row.get(i)).as(COLUMNS.fieldNames()[i]).isEqualTo(expected.get(i));
            }
        }
    }

    /** The values of a line, null where it must be refused. */
    private static List<Object> expected(byte[] bytes, LineParser parser) {
        String line = new String(bytes, StandardCharsets.UTF_8);
        List<String> texts = parts(line, parser.delimiter().charAt(0), parser.quote());
        if (!Arrays.equals(line.getBytes(StandardCharsets.UTF_8), bytes)
                || texts == null
                || texts.size() != VALUES.size()) {
            return null;
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            boolean isEmpty = text.isBlank();
            String type = COLUMNS.fields()[i].dataType().simpleString();
            Object value = isEmpty ? null : type.equals("string") ? text : number(text.strip(), type);
            if (value == null && (!isEmpty || !COLUMNS.fields()[i].nullable())) {
                return null;
            }
            values.add(value);
        }
        return values;
    }

    private static Object number(String text, String type) {
        try {
            return switch (type) {
                case "bigint" -> new BigInteger(text).longValueExact();
                case "int" -> new BigInteger(text).intValueExact();
                case "smallint" -> new BigInteger(text).shortValueExact();
                case "double" -> {
                    double value = decimal(text).doubleValue();
                    yield Double.isInfinite(value) ? null : value;
                }
                default -> {
                    float value = decimal(text).floatValue();
                    yield Float.isInfinite(value) ? null : value;
                }
            };
        } catch (NumberFormatException | ArithmeticException e) {
            return null;
        }
    }

    /** Java's decimal numbers, in ASCII and with exponents that a person would write. */
    private static BigDecimal decimal(String text) {
        int exponent = text.toLowerCase().indexOf('e');
        boolean isPlain = text.chars().allMatch(c -> c < 128)
                && (exponent < 0
                        || text.substring(exponent).replaceAll("[^0-9]", "").length() <= 3);
        if (!isPlain) {
            throw new NumberFormatException();
        }
        return new BigDecimal(text);
    }

    private static List<String> parts(String line, char delimiter, String quote) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean within = false;
        boolean after = false;
        boolean begins = true;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            boolean isQuote = !quote.isEmpty() && c == quote.charAt(0);
            if (within && isQuote && i + 1 < line.length() && line.charAt(i + 1) == c) {
                part.append(c);
                i++;
            } else if (within) {
                after = isQuote;
                within = !isQuote;
                part.append(isQuote ? "" : c);
            } else if (c == delimiter) {
                parts.add(part.toString());
                part.setLength(0);
                after = false;
                begins = true;
                continue;
            } else if (after) {
                return null;
            } else if (begins && isQuote) {
                within = true;
            } else {
                part.append(c);
            }
            begins = false;
        }
        parts.add(part.toString());
        return within ? null : parts;
    }
}
