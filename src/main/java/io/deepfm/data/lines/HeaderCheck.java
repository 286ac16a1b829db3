package io.deepfm.data.lines;

import io.deepfm.dataset.TableSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * Whether the first line of a file is what the settings say: the columns' names or a row.
 *
 * @param source what the settings say
 * @param columns those of {@code columns}, none where the settings leave them to the header
 * @param file the file's name
 * @param lines the values of its first lines; null for one that cannot be taken apart
 */
public record HeaderCheck(TableSource source, StructType columns, String file, List<List<String>> lines) {

    /** How many lines are looked at. */
    public static final int LINES = 10;

    /** The warning, if there is one. */
    public Optional<String> warning() {
        if (isUnannounced()) {
            return Optional.of(file + ":1: this row looks like a header: " + String.join(", ", lines.get(0))
                    + ". Set header = true?");
        }
        return source.header() && hasFirst()
                ? problem(lines.get(0))
                        .map(problem -> file + ":1: header = true makes names of this line, but " + problem
                                + ". If it is a row, set header = false.")
                : Optional.empty();
    }

    /**
     * Whether the first line is a header, but read as a row: it repeats the columns' names, or has no number where the
     * lines after it have numbers.
     */
    public boolean isUnannounced() {
        if (source.header() || !hasFirst() || lines.get(0).size() != columns.length()) {
            return false;
        }
        List<String> first = lines.get(0);
        boolean hasNames = IntStream.range(0, first.size())
                .allMatch(i -> first.get(i).strip().equalsIgnoreCase(columns.fieldNames()[i]));
        List<Integer> numbers = IntStream.range(0, columns.length())
                .filter(i -> columns.fields()[i].dataType() instanceof NumericType)
                .boxed()
                .toList();
        List<List<String>> others = lines.subList(1, lines.size());
        return hasNames
                || !numbers.isEmpty()
                        && !others.isEmpty()
                        && numbers.stream().noneMatch(i -> isMissing(first.get(i)) || isNumber(first.get(i)))
                        && others.stream().allMatch(line -> isRow(line, numbers));
    }

    private boolean hasFirst() {
        return !lines.isEmpty() && lines.get(0) != null;
    }

    private boolean isRow(List<String> line, List<Integer> numbers) {
        return line != null
                && line.size() == columns.length()
                && numbers.stream().allMatch(i -> isMissing(line.get(i)) || isNumber(line.get(i)));
    }

    private boolean isMissing(String text) {
        return text.isBlank() || source.nullValues().contains(text.strip());
    }

    private static boolean isNumber(String text) {
        return LineParser.NUMBER.matcher(text.strip()).matches();
    }

    /** Why a line is hardly one of names; a name that {@code columns} has in the same place is meant so. */
    private Optional<String> problem(List<String> names) {
        Set<String> earlier = new HashSet<>();
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i).strip();
            boolean isMeant = i < columns.length() && columns.fieldNames()[i].equals(name);
            boolean isRepeated = !earlier.add(name.toLowerCase(Locale.ROOT));
            if (!isMeant && (name.isEmpty() || isRepeated || isNumber(name))) {
                return Optional.of(
                        name.isEmpty()
                                ? "column " + (i + 1) + " has no name"
                                : "'" + name + "' is " + (isNumber(name) ? "a number" : "there twice"));
            }
        }
        return Optional.empty();
    }
}
