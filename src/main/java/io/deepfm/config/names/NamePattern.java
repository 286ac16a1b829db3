package io.deepfm.config.names;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbered names that are written as one: {@code c[1-26]} is c1, c2, ..., c26, and {@code c[01-26]}, whose ends have equally
 * many digits, c01, c02, ..., c26.
 */
public final class NamePattern {

    private static final Pattern RANGE = Pattern.compile("([^\\[\\]]*)\\[([0-9]{1,9})-([0-9]{1,9})]([^\\[\\]]*)");
    /** More than any table has columns; a mistyped end must not fill the memory. */
    private static final int MOST_NAMES = 100_000;

    private NamePattern() {}

    /**
     * The names that a text stands for.
     *
     * @param text a name, or one with a range in brackets
     * @return the names in order; the text itself where it has no brackets
     * @throws IllegalArgumentException if its brackets hold no range; the message says what is expected
     */
    public static List<String> names(String text) {
        if (!text.contains("[") && !text.contains("]")) {
            return List.of(text);
        }
        Matcher range = RANGE.matcher(text);
        require(range.matches(), "may hold one range in brackets, such as c[1-26]", text);
        String low = range.group(2);
        String high = range.group(3);
        int first = Integer.parseInt(low);
        int last = Integer.parseInt(high);
        require(first <= last, "must have the smaller number first", text);
        require(last - first < MOST_NAMES, "must stand for at most " + MOST_NAMES + " names", text);
        boolean padded = hasLeadingZero(low) || hasLeadingZero(high);
        require(
                !padded || low.length() == high.length(),
                "with leading zeros must have equally many digits at both ends, such as c[01-26]",
                text);
        List<String> names = new ArrayList<>();
        for (int number = first; number <= last; number++) {
            String digits = Integer.toString(number);
            String zeros = padded ? "0".repeat(low.length() - digits.length()) : "";
            names.add(range.group(1) + zeros + digits + range.group(4));
        }
        return names;
    }

    private static boolean hasLeadingZero(String digits) {
        return digits.length() > 1 && digits.startsWith("0");
    }

    private static void require(boolean holds, String problem, String text) {
        if (!holds) {
            throw new IllegalArgumentException(problem + ", found " + text);
        }
    }
}
