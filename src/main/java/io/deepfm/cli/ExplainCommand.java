package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.config.ConfigException;
import io.deepfm.explanation.ModelExplanation;
import io.deepfm.job.Session;
import io.deepfm.job.explain.ExplainJob;
import io.deepfm.report.explanation.ExplanationTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What matters to a model. */
@Command(
        name = "explain",
        description =
                "Says which fields, pairs of fields and weights of attention matter to the run's model or another, on"
                        + " validation's candidate lists, and writes explain.json beside the results.")
final class ExplainCommand extends CheckpointCommand {

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "How often each field is shuffled; default: ${DEFAULT-VALUE}.")
    private int repeats = 5;

    @Option(
            names = "--candidates",
            paramLabel = "N",
            description = "Over how many candidates, in a sample of whole lists that is the same each time; 0 for all;"
                    + " default: ${DEFAULT-VALUE}.")
    private long candidates = 200_000;

    @Override
    void checkOptions() {
        if (repeats < 1) {
            throw new ConfigException("--repeats " + repeats + ": must be at least 1.");
        }
        if (candidates < 0) {
            throw new ConfigException("--candidates " + candidates + ": must be at least 0.");
        }
    }

    @Override
    void run(Session session, Console console) {
        ModelExplanation explanation = new ExplainJob(session, trained(session)).explain(candidates, repeats);
        console.line("");
        ExplanationTable.of(explanation).forEach(line -> console.line(("  " + line).stripTrailing()));
        console.line("");
        console.line("  " + session.run().explanation());
    }
}
