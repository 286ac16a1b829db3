package io.deepfm.draft;

import java.util.List;

/** Lines of a configuration file, indented; long comments are broken. */
final class Lines {

    /** How long a line may be, without its indent. */
    static final int WIDTH = 110;

    private final StringBuilder text = new StringBuilder();

    /**
     * Adds a line.
     *
     * @param depth how many braces are open
     * @param content a setting or a comment; empty for an empty line
     */
    void add(int depth, String content) {
        String indent = "  ".repeat(depth);
        if (!content.startsWith("#") || content.length() <= WIDTH) {
            text.append(content.isEmpty() ? "" : indent).append(content).append("\n");
            return;
        }
        StringBuilder line = new StringBuilder();
        for (String word : List.of(content.split(" "))) {
            if (line.length() + word.length() > WIDTH) {
                text.append(indent).append(line.toString().stripTrailing()).append("\n");
                line = new StringBuilder("# ");
            }
            line.append(word).append(" ");
        }
        text.append(indent).append(line.toString().stripTrailing()).append("\n");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
