package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.config.ConfigException;
import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the candidate lists, once, and the shards of some epochs. */
@Command(name = "sample", description = "Writes the candidate lists, once, and the shards of the given epochs.")
final class SampleCommand extends JobCommand {

    @Option(names = "--epochs", paramLabel = "N[-M]", description = "Epochs, counted from 1, such as 1-5.")
    private String epochs;

    private int first = 1;
    private int last;

    @Override
    void checkOptions() {
        if (epochs == null) {
            return;
        }
        if (!epochs.matches("[1-9][0-9]{0,6}(-[1-9][0-9]{0,6})?")) {
            throw new ConfigException("--epochs " + epochs + ": must be a number or a range, such as 3 or 1-5.");
        }
        String[] ends = epochs.split("-");
        first = Integer.parseInt(ends[0]);
        last = Integer.parseInt(ends[ends.length - 1]);
        if (last < first) {
            throw new ConfigException("--epochs " + epochs + ": the range ends before it begins.");
        }
    }

    @Override
    boolean forces(String stage) {
        return List.of("candidates", "sample").contains(stage);
    }

    @Override
    void run(Session session, Console console) {
        new DataJob(session).sample(first, last);
    }
}
