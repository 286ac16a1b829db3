package io.deepfm.cli;

import io.deepfm.cli.console.Console;
import io.deepfm.data.profile.ProfileText;
import io.deepfm.job.DataJob;
import io.deepfm.job.Session;
import picocli.CommandLine.Command;

/** Profiles a dataset: its fields and their most frequent values, missing and OOV ones, labels, activity of users and items. */
@Command(
        name = "describe",
        description =
                "Profiles the dataset: fields, vocabularies, frequent values, missing, OOV and cut ones per split, label"
                        + " rates, and how many interactions users and items have.")
final class DescribeCommand extends JobCommand {

    @Override
    boolean forces(String stage) {
        return true;
    }

    @Override
    void run(Session session, Console console) {
        var profile = new DataJob(session).describe();
        console.line("");
        ProfileText.of(profile, session.dataset().hasUsersAndItems()).forEach(console::line);
    }
}
