package io.deepfm.config.redaction;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Keeps passwords, tokens and keys out of all that is shown or stored. What is secret is told by its name, as Spark's
 * {@code spark.redaction.regex} does, or by its place before the {@code @} of a URL.
 */
public final class Redaction {

    /** What stands in a secret's place. */
    public static final String HIDDEN = "(redacted)";

    /** A word or a hump of its own: a compass is no secret. */
    private static final String PASS = "(?<![a-z])pass(?![a-z])|(?-i:(?<=[a-z])Pass(?![a-z]))";

    /** In the regular expression of Java and of log4j's {@code %replace} alike: it has no braces. */
    private static final String SECRET_NAME = "(?:" + PASS
            + "|pwd|secret|passw(?:or)?d|passphrase|token|credential|authorization|signature|(?:access|account|api|private|encryption)[._-]?key)";

    private static final Pattern NAME = Pattern.compile("(?i).*" + SECRET_NAME + ".*");

    /** {@code password=...}, {@code "fs.s3a.secret.key": "..."}: the value, to its closing quote or the next separator. */
    private static final String ASSIGNMENT = "(?i)([\\w.-]*" + SECRET_NAME
            + "[\\w.-]*[\"']?\\s*[=:]\\s*)(?:\"(?:[^\"\\\\]|\\\\.)*\"|'[^']*'|[^\\s\"',;&]+)";

    private static final String USER = "[^\\s/@\"']+";

    /**
     * {@code s3a://user:password@bucket}, a token that stands alone before the {@code @}, and Oracle's
     * {@code jdbc:oracle:thin:user/password@host}, where quotes may be around the password.
     */
    public static final String USER_INFO = "(\\w[\\w+.-]*://(?=" + USER + "@)|jdbc:oracle:\\w+:(?=" + USER + "/))"
            + USER + "(?:/(?:\\\\?\"[^\"]*\"|[^\\s@\"']+))?@";

    private static final Pattern URL = Pattern.compile("(?s)\\s*\\w[\\w+.-]*://.*");
    private static final Pattern ASSIGNMENTS = Pattern.compile(ASSIGNMENT);
    private static final Pattern USER_INFOS = Pattern.compile(USER_INFO);

    private Redaction() {}

    /**
     * A text for people.
     *
     * @param text any text, or null
     * @return the same without the passwords of URLs and without what is assigned to a secret's name; null for null
     */
    public static String of(String text) {
        if (text == null) {
            return null;
        }
        String withoutUsers = USER_INFOS.matcher(text).replaceAll("$1" + HIDDEN + "@");
        return ASSIGNMENTS.matcher(withoutUsers).replaceAll("$1" + HIDDEN);
    }

    /**
     * A setting's value.
     *
     * @param key the setting's name or path
     * @param value its text
     * @return the text, without what is secret in it
     */
    public static String of(String key, String value) {
        return NAME.matcher(key).matches() ? HIDDEN : of(value);
    }

    /**
     * A text of a configuration: hidden in URLs only, as an expression must stay what it is.
     *
     * @param text any text
     * @return of a URL {@link #of(String)}, else the text itself
     */
    public static String ofUrl(String text) {
        return URL.matcher(text).matches() ? of(text) : text;
    }

    /**
     * Options without those that are or hold a secret. They are not stored in any form, as a placeholder would later be
     * taken for a password.
     *
     * @param options any options
     * @return the others' texts, in alphabetical order
     */
    public static Map<String, String> without(Map<?, ?> options) {
        Map<String, String> kept = new TreeMap<>();
        options.forEach((key, value) -> kept.put(key.toString(), value.toString()));
        kept.entrySet()
                .removeIf(option -> !of(option.getKey(), option.getValue()).equals(option.getValue()));
        return kept;
    }

    /**
     * A pattern of log4j in which the same is hidden.
     *
     * @param pattern what to log
     * @return the pattern with replacements around it
     */
    public static String logPattern(String pattern) {
        return "%replace{%replace{" + pattern + "}{" + USER_INFO + "}{$1" + HIDDEN + "@}}{" + ASSIGNMENT + "}{$1"
                + HIDDEN + "}";
    }
}
