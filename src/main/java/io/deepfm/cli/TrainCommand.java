package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.cli.option.PathText;
import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import io.deepfm.job.TrainJob;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains until the validation metric stops improving; samples the epochs on the way. */
@Command(
        name = "train",
        description = "Trains until the validation metric stops improving, sampling each epoch in the background.")
final class TrainCommand extends JobCommand {

    @Option(
            names = "--initial-weights",
            paramLabel = "FILE",
            converter = PathText.class,
            description = "Start from these weights, such as the model.safetensors of another run or from PyTorch.")
    private String initialWeights;

    @Option(
            names = "--resume",
            description = "Resume a stopped training after its last finished epoch, as pipeline does.")
    private boolean resume;

    @Override
    String resumes() {
        return "--resume";
    }

    @Override
    void run(Session session, Console console) {
        new DataJob(session).candidates();
        new TrainJob(session, resume, Optional.ofNullable(initialWeights).map(Path::new)).train();
    }
}
