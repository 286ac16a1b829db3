package io.deepfm.cli;

import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains until the validation metric stops improving; samples the epochs on the way. */
@Command(
        name = "train",
        description = "Trains until the validation metric stops improving; samples the epochs on the way.")
final class TrainCommand extends JobCommand {

    @Option(
            names = "--initial-weights",
            paramLabel = "FILE",
            description = "Start from these weights, such as another run's or PyTorch's model.safetensors.")
    private String initialWeights;

    @Override
    void run(Session session) {
        TrainJob job = initialWeights == null ? new TrainJob(session) : new TrainJob(session, new Path(initialWeights));
        job.train();
    }
}
