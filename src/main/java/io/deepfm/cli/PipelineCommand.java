package io.deepfm.cli;

import picocli.CommandLine.Command;

/** All stages, from raw files to metrics. */
@Command(name = "pipeline", description = "All stages, from raw files to metrics.")
final class PipelineCommand extends JobCommand {

    @Override
    void run(Session session) {
        DataJob data = new DataJob(session);
        data.prepare();
        data.candidates();
        new TrainJob(session).train();
        new ScoreJob(session).score(session.run().model());
        new EvaluateJob(session).evaluate(session.run().model());
    }
}
