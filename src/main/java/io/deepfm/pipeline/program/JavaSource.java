package io.deepfm.pipeline.program;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Java source as the compiler sees it. */
public final class JavaSource {

    /** What may hold the marks of comments, quotes and white space, and is none of them. */
    private static final String LITERAL =
            """
            ("{3} (?: [^\\\\"] | \\\\. | "(?!"") )*+ "{3}   # a text block
            | "   (?: [^\\\\"] | \\\\. )*+ "                # a string
            | '   (?: [^\\\\'] | \\\\. )*+ ')               # a character
            """;

    private static final String BETWEEN = "(?: \\s++ | //[^\\n]*+ | /\\*.*?\\*/ )++";

    private static final Pattern LITERAL_OR_BETWEEN =
            Pattern.compile(LITERAL + "|" + BETWEEN, Pattern.COMMENTS | Pattern.DOTALL);

    private JavaSource() {}

    /**
     * The code without its comments, and with one space for any white space between two parts of it.
     *
     * @param source a file's text
     * @return its code; the text itself where it has Unicode escapes, as those may stand for quotes
     */
    public static String code(String source) {
        return source.contains("\\u")
                ? source
                : LITERAL_OR_BETWEEN
                        .matcher(source)
                        .replaceAll(found -> found.group(1) == null ? " " : Matcher.quoteReplacement(found.group()))
                        .strip();
    }
}
