package io.deepfm.cli;

import io.deepfm.job.Session;
import io.deepfm.job.TrainJob;
import java.util.Optional;
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

    @Option(
            names = "--resume",
            description = "Go on after the last finished epoch of a training that was stopped, as pipeline does.")
    private boolean resume;

    @Override
    void run(Session session, Console console) {
        new TrainJob(session, resume, Optional.ofNullable(initialWeights).map(Path::new)).train();
    }
}
