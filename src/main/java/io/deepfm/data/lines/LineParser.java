package io.deepfm.data.lines;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Takes a line of delimited text apart. (Spark's own parser takes a quote that never ends for the end of the line, and so
 * half of a value for a whole one.)
 *
 * @param delimiter what stands between two values
 * @param quote what stands around a value that holds a delimiter; within, it is written twice. Empty for none
 */
public record LineParser(String delimiter, String quote) implements Serializable {

    /** What a number looks like. */
    public static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,3})?");

    /**
     * The values of a line, or of a record of several lines.
     *
     * @param line without its end
     * @return the values, without their quotes; null where a quote is not closed, or not before a delimiter
     */
    public List<String> values(String line) {
        List<String> values = new ArrayList<>();
        int at = 0;
        while (true) {
            if (!quote.isEmpty() && line.startsWith(quote, at)) {
                StringBuilder value = new StringBuilder();
                at = unquote(line, at, value);
                if (at < 0 || at < line.length() && !line.startsWith(delimiter, at)) {
                    return null;
                }
                values.add(value.toString());
            } else {
                int end = line.indexOf(delimiter, at);
                values.add(line.substring(at, end < 0 ? line.length() : end));
                at = end < 0 ? line.length() : end;
            }
            if (at == line.length()) {
                return values;
            }
            at += delimiter.length();
        }
    }

    /** Whether a line ends within a quoted value, which may go on in the next one. */
    boolean isOpen(String line) {
        int at = 0;
        while (!quote.isEmpty()) {
            if (line.startsWith(quote, at)) {
                at = unquote(line, at, new StringBuilder());
                if (at < 0 || !line.startsWith(delimiter, at)) {
                    return at < 0;
                }
            }
            int end = line.indexOf(delimiter, at);
            if (end < 0) {
                return false;
            }
            at = end + delimiter.length();
        }
        return false;
    }

    /** Appends a quoted value and returns where it ends, -1 if it does not. */
    private int unquote(String line, int begin, StringBuilder value) {
        int at = begin + quote.length();
        while (true) {
            int end = line.indexOf(quote, at);
            if (end < 0) {
                return -1;
            }
            value.append(line, at, end);
            at = end + quote.length();
            if (!line.startsWith(quote, at)) {
                return at;
            }
            value.append(quote);
            at += quote.length();
        }
    }
}
