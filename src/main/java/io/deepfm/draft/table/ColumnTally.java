package io.deepfm.draft.table;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import scala.collection.Seq;

/** Counts the values of one column. */
final class ColumnTally {

    private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
    private static final Pattern NUMBER =
            Pattern.compile("-?(0|[1-9][0-9]*)([.][0-9]+)?([eE][-+]?[0-9]{1,2})?|-?[.][0-9]+");
    private static final Pattern MOMENT = Pattern.compile("[12][0-9]{3}-[01][0-9]-[0-3][0-9]"
            + "([ T][0-2][0-9]:[0-5][0-9](:[0-5][0-9]([.][0-9]{1,6})?)?(Z|[+-][0-2][0-9]:[0-5][0-9])?)?");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{8}|[0-9a-f]{16}|[0-9a-f]{32}");
    /** Texts that stand for a missing value among numbers. */
    private static final Set<String> NULLS =
            Set.of("NULL", "null", "NA", "N/A", "n/a", "None", "none", "\\N", "-", "?");

    private static final List<String> SEPARATORS = List.of("|", ";", ",");

    private final Map<String, Integer> values = new HashMap<>();
    private final Map<String, Integer> nullTexts = new HashMap<>();
    private final Map<String, Parts> parts = new HashMap<>();
    private long rows;
    private long missing;
    private long integers;
    private long numbers;
    private long moments;
    private long hashes;
    private long lists;
    private long characters;
    private double min = Double.POSITIVE_INFINITY;
    private double max = Double.NEGATIVE_INFINITY;
    private double sum;

    /** What a separator would make of the values. */
    private static final class Parts {
        private final Set<String> distinct = new HashSet<>();
        private long split;
        private long all;
        private int most;

        private void add(List<String> of) {
            distinct.addAll(of);
            split += of.size() > 1 ? 1 : 0;
            all += of.size();
            most = Math.max(most, of.size());
        }
    }

    ColumnTally() {
        SEPARATORS.forEach(separator -> parts.put(separator, new Parts()));
    }

    /** Counts a value as Spark has it. */
    void add(Object value) {
        rows++;
        if (value instanceof Seq<?> list) {
            lists++;
            List<String> texts = IntStream.range(0, list.size())
                    .mapToObj(i -> String.valueOf(list.apply(i)))
                    .toList();
            parts.computeIfAbsent("", separator -> new Parts()).add(texts);
            values.merge(texts.toString(), 1, Integer::sum);
            return;
        }
        String text = value == null ? "" : value.toString().strip();
        if (text.isEmpty()) {
            missing++;
        } else if (NULLS.contains(text)) {
            nullTexts.merge(text, 1, Integer::sum);
        } else {
            addText(text);
        }
    }

    private void addText(String text) {
        values.merge(text, 1, Integer::sum);
        characters += text.length();
        hashes += HASH.matcher(text).matches() ? 1 : 0;
        if (NUMBER.matcher(text).matches()) {
            numbers++;
            integers += INTEGER.matcher(text).matches() ? 1 : 0;
            double number = Double.parseDouble(text);
            min = Math.min(min, number);
            max = Math.max(max, number);
            sum += number;
        } else {
            moments += MOMENT.matcher(text).matches() ? 1 : 0;
            for (String separator : SEPARATORS) {
                parts.get(separator).add(List.of(text.split(Pattern.quote(separator))));
            }
        }
    }

    /** What the values are; a type of a file that has types is kept. */
    ColumnProfile profile(String name, String sparkType) {
        long present = rows
                - missing
                - nullTexts.values().stream().mapToInt(count -> count).sum();
        boolean hashed = present > 0 && hashes == present && integers < present / 2;
        boolean numeric = !hashed && present > 0 && numbers == present;
        String type = sparkType != null
                ? sparkType
                : numeric
                        ? integers == present ? "BIGINT" : "DOUBLE"
                        : present > 0 && moments == present ? "TIMESTAMP" : "STRING";
        Set<String> nulls = new TreeSet<>();
        if (numeric || moments == present && present > 0) {
            nulls.addAll(nullTexts.keySet());
        } else {
            // Among words they are words.
            nullTexts.forEach((text, count) -> values.merge(text, count, Integer::sum));
        }
        long absent = missing + nulls.stream().mapToInt(nullTexts::get).sum();
        return new ColumnProfile(
                name,
                type,
                rows,
                absent,
                values,
                nulls,
                hashed,
                moments == present && present > 0,
                min,
                max,
                present == 0 ? 0 : sum / present,
                present == 0 ? 0 : (double) characters / present,
                sequence(present));
    }

    /** The separator that makes the values lists of a few words which come again and again; null for none. */
    private ColumnProfile.Sequence sequence(long present) {
        if (lists > 0) {
            Parts of = parts.get("");
            return new ColumnProfile.Sequence("", Math.max(1, of.most), of.distinct.size());
        }
        for (String separator : SEPARATORS) {
            Parts of = parts.get(separator);
            boolean isFrequent = numbers == 0 && 10 * of.split >= present && of.split > 0;
            if (isFrequent && of.all >= 3L * of.distinct.size() && of.distinct.size() < 2 * values.size() + 8) {
                return new ColumnProfile.Sequence(separator, of.most, of.distinct.size());
            }
        }
        return null;
    }
}
