package io.deepfm.cli;

import java.util.Objects;
import picocli.CommandLine;

/**
 * Tells of the commands without what they need to run: {@code --help} and {@code --version} are there at once, as neither
 * Spark nor its log starts.
 */
public final class Help {

    private Help() {}

    /**
     * Prints a help text or the version.
     *
     * @param args what a user typed, with {@code --help} or {@code --version} in it
     */
    public static void main(String[] args) {
        System.exit(commands()
                .setExecutionStrategy(
                        parsed -> Objects.requireNonNullElse(CommandLine.executeHelpRequest(parsed), Main.EXIT_CONFIG))
                .execute(args));
    }

    /** The commands, to look at. */
    static CommandLine commands() {
        return Main.commands(new Main(null, null));
    }
}
