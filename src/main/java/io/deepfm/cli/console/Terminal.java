package io.deepfm.cli.console;

import java.io.PrintStream;

/** A line at the end of what a terminal shows that is drawn over and over, until something else is printed. */
final class Terminal {

    private static final int USUAL_COLUMNS = 80;

    private final PrintStream out;
    private final int columns;
    private int drawn;

    /**
     * @param out where all is printed
     * @param columns its width
     */
    Terminal(PrintStream out, int columns) {
        this.out = out;
        this.columns = columns;
    }

    /** How wide the terminal is: {@code COLUMNS}, which scripts/deepfm sets, or what is usual. */
    static int columns(String set) {
        return set != null && set.matches("[1-9][0-9]{0,5}") ? Integer.parseInt(set) : USUAL_COLUMNS;
    }

    /** How much of a line can be drawn over: at the last column a terminal goes on to the next line. */
    int width() {
        return columns - 1;
    }

    /** Draws the line in the place of the one before. */
    void draw(String line) {
        out.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
        out.flush();
        drawn = line.length();
    }

    /** Takes the line away. */
    void clear() {
        if (drawn > 0) {
            out.print("\r" + " ".repeat(drawn) + "\r");
            out.flush();
            drawn = 0;
        }
    }
}
