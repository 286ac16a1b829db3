package io.deepfm.dataset;

import io.deepfm.config.ConfigException;
import io.deepfm.config.Located;
import io.deepfm.config.names.NearestName;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which options a format's reader heeds. One that it would not even look at is refused, as the reader's user means it to do
 * something.
 *
 * <p>The names are those of Spark 3.5's data sources, without what only its writers read and without what the program sets
 * itself. Of a format that is not listed, any option may be one.
 */
final class SourceOptions {

    private static final List<String> OF_FILES = List.of(
            "recursiveFileLookup",
            "basePath",
            "modifiedBefore",
            "modifiedAfter",
            "pathGlobFilter",
            "ignoreCorruptFiles",
            "ignoreMissingFiles");

    private static final Map<String, List<String>> BY_FORMAT = Map.of(
            "json",
            List.of(
                    "samplingRatio",
                    "primitivesAsString",
                    "prefersDecimal",
                    "allowComments",
                    "allowUnquotedFieldNames",
                    "allowSingleQuotes",
                    "allowNumericLeadingZeros",
                    "allowNonNumericNumbers",
                    "allowBackslashEscapingAnyCharacter",
                    "allowUnquotedControlChars",
                    "dropFieldIfAllNull",
                    "locale",
                    "dateFormat",
                    "timestampFormat",
                    "timestampNTZFormat",
                    "enableDateTimeParsingFallback",
                    "multiLine",
                    "lineSep",
                    "inferTimestamp",
                    "timeZone",
                    "encoding",
                    "charset"),
            "parquet",
            List.of("mergeSchema", "datetimeRebaseMode", "int96RebaseMode"),
            "orc",
            List.of("mergeSchema"),
            "text",
            List.of("wholetext", "encoding", "lineSep"));

    /** What to write in place of options that other readers have, in lower case. */
    private static final Map<String, String> INSTEAD = Map.of(
            "nullvalue", "null_values = [%s]",
            "sep", "delimiter = %s",
            "delimiter", "delimiter = %s",
            "quote", "quote = %s",
            "header", "header = true",
            "multiline", "multi_line = true",
            "encoding", "encoding = %s",
            "charset", "encoding = %s",
            "mode", "data.max_bad_rows = 0.01",
            "schema", "columns = %s");

    private SourceOptions() {}

    /** The options of a format, in alphabetical order; all of those there are where it is not known. */
    static List<String> of(String format) {
        return Stream.concat(BY_FORMAT.getOrDefault(format, List.of()).stream(), OF_FILES.stream())
                .sorted()
                .toList();
    }

    /**
     * Refuses an option that a format's reader does not heed.
     *
     * @param format csv, tsv or the name of another format
     * @param options by name; names with a dot are Hadoop's settings, which all of Spark's readers take
     * @throws ConfigException if one would do nothing
     */
    static void check(String format, Map<String, Located> options) {
        String name = format.toLowerCase(Locale.ROOT);
        boolean isDelimited = name.equals("csv") || name.equals("tsv");
        if (!isDelimited && !BY_FORMAT.containsKey(name)) {
            return;
        }
        List<String> known = isDelimited ? List.of() : of(name);
        for (String option : new TreeSet<>(options.keySet())) {
            boolean isHadoops = !isDelimited && option.contains(".");
            if (!isHadoops && known.stream().noneMatch(option::equalsIgnoreCase)) {
                throw options.get(option).error(problem(option, options.get(option), format, known));
            }
        }
    }

    private static String problem(String option, Located value, String format, List<String> known) {
        String instead = INSTEAD.get(option.toLowerCase(Locale.ROOT));
        String problem = "options." + option + " is none of the options that sources of format " + format + " have. ";
        if (instead != null && (known.isEmpty() || instead.startsWith("null_values") || instead.startsWith("data."))) {
            return problem + "Write " + instead.formatted("\"" + value + "\"") + " instead"
                    + (instead.startsWith("data.") ? "." : ", beside path.");
        }
        return problem
                + (known.isEmpty()
                        ? "There are none; beside path there are delimiter, quote, header, multi_line, encoding,"
                                + " columns, null_values and where."
                        : "Did you mean " + NearestName.of(option, known) + "? There are " + String.join(", ", known)
                                + ".");
    }
}
