package io.deepfm.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * What a command did.
 *
 * @param exitCode its exit code
 * @param out what it said on standard output
 * @param err what it said on standard error
 */
record CommandRun(int exitCode, String out, String err) {

    /** Runs a command in this process. */
    static CommandRun of(String... args) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream newOut = new ByteArrayOutputStream();
        ByteArrayOutputStream newErr = new ByteArrayOutputStream();
        try (PrintStream capturedOut = new PrintStream(newOut, true, StandardCharsets.UTF_8);
                PrintStream capturedErr = new PrintStream(newErr, true, StandardCharsets.UTF_8)) {
            System.setOut(capturedOut);
            System.setErr(capturedErr);
            int exitCode = Main.run(args);
            return new CommandRun(
                    exitCode, newOut.toString(StandardCharsets.UTF_8), newErr.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
            // A command sends the log into its run's folder.
            Configurator.reconfigure();
        }
    }
}
