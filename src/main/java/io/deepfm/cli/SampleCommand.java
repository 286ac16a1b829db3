package io.deepfm.cli;

import io.deepfm.config.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Writes the candidate lists, once, and the shards of some epochs. */
@Command(name = "sample", description = "Writes the candidate lists, once, and the shards of the epochs asked for.")
final class SampleCommand extends JobCommand {

    @Option(names = "--epochs", paramLabel = "N[-M]", description = "Epochs, counted from 1, such as 1-5.")
    private String epochs;

    @Override
    void run(Session session) {
        DataJob data = new DataJob(session);
        data.candidates();
        if (epochs != null) {
            if (!epochs.matches("[1-9][0-9]{0,6}(-[1-9][0-9]{0,6})?")) {
                throw new ConfigException("--epochs " + epochs + ": write a number or a range, such as 3 or 1-5.");
            }
            String[] ends = epochs.split("-");
            for (int epoch = Integer.parseInt(ends[0]); epoch <= Integer.parseInt(ends[ends.length - 1]); epoch++) {
                data.sample(epoch);
            }
        }
    }
}
