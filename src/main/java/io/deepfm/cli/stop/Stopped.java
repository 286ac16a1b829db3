package io.deepfm.cli.stop;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What is said when a command was stopped.
 *
 * @param kept what need not be done again
 * @param arguments what was typed behind {@code scripts/deepfm}, less what went to spark-submit
 * @param submitted what went to spark-submit, quoted for a shell
 * @param resumes an option that has to be added so that a training is not begun anew; empty where there is none
 */
public record Stopped(List<String> kept, List<String> arguments, String submitted, String resumes) {

    /** Where {@code scripts/deepfm} says what it gave to spark-submit. */
    public static final String SUBMITTED = "DEEPFM_SUBMITTED";

    private static final String FORCE = "--force";
    private static final Pattern PLAIN = Pattern.compile("[\\w@%+=:,./~-]+");

    /**
     * The lines.
     *
     * @return what is kept, and the command that goes on from there
     */
    public List<String> lines() {
        return List.of(
                kept.isEmpty()
                        ? "Stopped. There was nothing yet that could be kept."
                        : "Stopped. Kept: " + String.join(", ", kept) + ".",
                "To go on: " + command());
    }

    private String command() {
        List<String> words = new ArrayList<>(List.of("scripts/deepfm"));
        arguments.stream()
                // With it, what is kept would be done again.
                .filter(argument -> kept.isEmpty() || !argument.equals(FORCE))
                .map(Stopped::quoted)
                .forEach(words::add);
        if (!resumes.isEmpty() && !arguments.contains(resumes)) {
            words.add(resumes);
        }
        if (!submitted.isEmpty()) {
            words.add(submitted.strip());
        }
        return String.join(" ", words);
    }

    private static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
