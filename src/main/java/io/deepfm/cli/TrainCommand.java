package io.deepfm.cli;

import picocli.CommandLine.Command;

/** Trains until the validation metric stops improving; samples the epochs on the way. */
@Command(
        name = "train",
        description = "Trains until the validation metric stops improving; samples the epochs on the way.")
final class TrainCommand extends JobCommand {

    @Override
    void run(Session session) {
        new TrainJob(session).train();
    }
}
