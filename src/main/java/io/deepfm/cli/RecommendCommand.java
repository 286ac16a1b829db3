package io.deepfm.cli;

import io.deepfm.cli.option.PathText;
import io.deepfm.cli.option.PredictionOptions;
import io.deepfm.config.ConfigException;
import io.deepfm.job.Session;
import io.deepfm.job.predict.ItemChoice;
import io.deepfm.job.predict.Output;
import io.deepfm.job.predict.RecommendJob;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The best items of the whole catalogue for each user. */
@Command(
        name = "recommend",
        description =
                "Recommends the top items of the catalogue to all users or to those of a file, or the items most similar"
                        + " to those of a file.")
final class RecommendCommand extends OutputCommand {

    @Option(
            names = "--users",
            paramLabel = "FILE",
            converter = PathText.class,
            description = "Users in the dataset's own format, known to the model or not; default: all users of the"
                    + " model.")
    private String users;

    @Option(names = "--top", paramLabel = "N", description = "Items per user; default: ${DEFAULT-VALUE}.")
    private int top = 10;

    @Option(names = "--include-seen", description = "Include items that the user has already interacted with.")
    private boolean includeSeen;

    @Option(
            names = "--items",
            paramLabel = "FILE",
            converter = PathText.class,
            description =
                    "Recommend these items only: one key per line, or items in the dataset's own format; default: all"
                            + " items of the model.")
    private String items;

    @Option(
            names = "--cold-items",
            paramLabel = "include|exclude",
            description = "Whether items that training never saw may be recommended; default: include.")
    private ColdItems coldItems = ColdItems.INCLUDE;

    @Option(
            names = "--columns",
            paramLabel = "NAME",
            split = ",",
            description = "Columns of the items' table to show of each item, such as title,price.")
    private List<String> columns = List.of();

    @Option(
            names = "--similar-items",
            paramLabel = "FILE",
            converter = PathText.class,
            description =
                    "In place of recommendations to users, the items most similar to these: one key per line, or"
                            + " items in the dataset's own format. Similar is what has a large cosine of the item's learned vectors.")
    private String similarItems;

    @Mixin
    private PredictionOptions prediction;

    /** What is done with items that training never saw. */
    enum ColdItems {
        INCLUDE,
        EXCLUDE
    }

    @Override
    void checkOptions() {
        super.checkOptions();
        if (top < 1) {
            throw new ConfigException("--top " + top + ": must be at least 1.");
        }
        if (similarItems != null
                && (users != null || prediction.history().isPresent() || includeSeen || prediction.explains())) {
            throw new ConfigException("--similar-items: there are no users to whom --users, --history, --include-seen"
                    + " or --explain could apply. Leave one or the other out.");
        }
    }

    @Override
    Stream<String> inputs() {
        return Stream.concat(Stream.of(users, items, similarItems), prediction.history().stream())
                .filter(Objects::nonNull);
    }

    @Override
    void write(Session session, Output output) {
        RecommendJob job = new RecommendJob(
                session,
                model(session),
                new ItemChoice(Optional.ofNullable(items), coldItems == ColdItems.INCLUDE, columns),
                top);
        if (similarItems != null) {
            job.similar(similarItems, output);
        } else {
            job.recommend(Optional.ofNullable(users), prediction.history(), includeSeen, prediction.explains(), output);
        }
    }
}
