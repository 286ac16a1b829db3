package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not fit in a dataset of one's own is told with its place; what does is described. */
@Tag("proof")
class OwnDatasetErrorsIT {

    @TempDir
    private Path folder;

    /** Without this, training would end after its first epoch, with weights that no checkpoint can hold. */
    @Test
    void whatTheTrainerCannotHoldIsRefusedBeforeTraining() throws IOException {
        Path config = own().clickLog();
        Files.writeString(
                config,
                Files.readString(config).replace("hash_buckets = 16, embedding_dim = 3", "hash_buckets = 2000000000"));

        String random = "data.split_strategy=random";
        OwnDatasets.command("ingest", config, "--override", random);
        OwnDatasets.command("split", config, "--override", random);
        CommandRun run = OwnDatasets.command("encode", config, "--override", random);

        assertThat(run.err())
                .contains(config + ":", "Feature ad alone has 66,000,000,033", "this machine's memory of")
                .contains("fewer hash_buckets or a smaller embedding_dim");
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(folder.resolve("work/encoded")).doesNotExist();
    }

    @Test
    void badRowsAreSetAsideCountedAndShown() throws IOException {
        Path config = own().purchases();
        Path file = folder.resolve("purchases.csv");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add("u1");
        lines.add("u1,,1000,9.5,web");
        lines.add("u1,\"shoe, red\",later,9.5,web");
        lines.add("u1,\"shoe, red\",1000,NaN,web");
        lines.add(lines.get(1));
        Files.write(file, lines);

        CommandRun refused = CommandRun.of("ingest", "--config", config.toString(), "--master", "local[1]");
        assertThat(refused.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(refused.err())
                .contains("5 rows cannot be used: 1 missing value, 1 not finite, 1 repeated, 1 wrong number of columns,"
                        + " 1 wrong type.")
                .contains(file + ":122: has 1 columns instead of 5: 'u1'", "column item is empty")
                .containsOnlyOnce("The columns are user, item, time, price, shop.")
                .contains("data.max_bad_rows=SHARE");

        CommandRun kept = CommandRun.of(
                "ingest",
                "--config",
                config.toString(),
                "--master",
                "local[1]",
                "--override",
                "data.max_bad_rows=0.05");
        assertThat(kept.err()).isEmpty();
        assertThat(kept.out())
                .contains("120 interactions", "quarantined: 1 rows of interactions, wrong number of columns")
                .contains("interactions, missing value", "interactions, wrong type", "interactions, not finite")
                .contains("interactions, repeated");
        StringBuilder quarantine = new StringBuilder();
        try (var files = Files.list(folder.resolve("work/quarantine/interactions"))) {
            for (Path part :
                    files.filter(part -> part.toString().endsWith(".json")).toList()) {
                quarantine.append(Files.readString(part));
            }
        }
        assertThat(quarantine.toString())
                .contains("\"line\":122", "\"line\":126", "\"reason\":\"repeated\"", "purchases.csv");
    }

    /** Four lines of one kind and two of another: three of the one are shown, and both of the other. */
    @Test
    void badRowsAreReportedByKind() throws IOException {
        Path config = own().purchases();
        Path file = folder.resolve("purchases.csv");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.addAll(List.of("u1,a,1,2,x,y", "u1,a,1,dear,x", "u2", "u3", "u1,a,1,cheap,x", "u4"));
        Files.write(file, lines);

        List<String> told = OwnDatasets.command("ingest", config)
                .err()
                .lines()
                .dropWhile(line -> !line.contains("cannot be used"))
                .toList();

        assertThat(told.get(0))
                .endsWith("6 rows cannot be used: 4 wrong number of columns, 2 wrong type. The first of each kind:");
        assertThat(told.subList(1, 7))
                .containsExactly(
                        file + ":122: has 6 columns instead of 5: 'u1,a,1,2,x,y'",
                        file + ":124: has 1 columns instead of 5: 'u2'",
                        file + ":125: has 1 columns instead of 5: 'u3'",
                        file + ":123: column price is not a number: 'dear'",
                        file + ":126: column price is not a number: 'cheap'",
                        "The columns are user, item, time, price, shop.");
        assertThat(told.get(7)).startsWith("Correct or remove these lines, or quarantine them");
    }

    /** The shop of one is not known, and another customer's purchase is a return: that line has no customer. */
    @Test
    void conditionsLeaveRowsOutThatAreCountedApartFromBadOnes() throws IOException {
        Path config = own().purchases();
        Path file = folder.resolve("purchases.csv");
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.add("u1,\"shoe, red\",1000,9.5,NA");
        lines.add("NA,\"shoe, red\",1000,-9.5,web");
        lines.add("NULL,\"shoe, red\",1001,-9.5,web");
        lines.add("u1,thing1,1001,dear,web");
        Files.write(file, lines);
        append(config, "dataset.interactions { where = \"price >= 0\", null_values = [\"NA\", \"NULL\"] }");

        CommandRun refused = OwnDatasets.command("ingest", config);
        assertThat(refused.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(refused.err().strip().lines()).hasSize(3);
        assertThat(refused.err()).contains(file + ":125: column price is not a number: 'dear'");

        CommandRun kept = OwnDatasets.command("ingest", config, "--override", "data.max_bad_rows=0.01");
        assertThat(kept.err()).isEmpty();
        assertThat(kept.out())
                .contains("121 interactions", "2 rows of interactions left out by where")
                .contains("quarantined: 1 rows of interactions, wrong type");
        assertThat(Files.readString(folder.resolve("work/manifests/check.json")))
                .contains("\"left_out.interactions.where\" : 2");
        assertThat(Files.readString(folder.resolve("work/manifests/ingest.json")))
                .contains("\"left_out.interactions.where\" : 2", "\"quarantine.interactions.wrong type\" : 1");
        // Told anew though nothing is done.
        assertThat(OwnDatasets.command("ingest", config, "--override", "data.max_bad_rows=0.01")
                        .out())
                .contains("2 rows of interactions left out by where");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "label = nowhere|label: cannot compute nowhere|There|item",
                "time = item|time: item gives string|to_timestamp|item",
                "user = customer|user: there is no column customer|Available|shop",
                "label = price|label: price gives|must give true or false|>= 4",
                "features = [{ name = label, type = sparse, expression = shop }]|feature label: reserved name|x|user_key",
                "features = [{ name = x, type = sparse, expression = \"shop +\" }]|feature x: cannot compute shop +|x|shop",
                "features = [{ name = x, type = sparse, expression = shopp }]|feature x: cannot compute shopp|x|shop",
                "features = [{ name = x, type = dense, expression = shop }]|feature x: a dense feature must be a number|x|CAST",
                "features = [{ name = x, type = sequence, expression = shop }]|feature x: a sequence must be an array|x|split(shop",
                "interactions.where = \"pric > 0\"|where: cannot compute pric > 0|x|shop",
                "interactions.where = \"price < 0\"|where: price < 0 is true for none of the 120 rows|x|purchases.csv",
                "interactions.options { nullValue = NA }|options.nullValue is none of the options that sources of format csv have|x|null_values",
                "interactions.columns = \"user STRING, item STRING, line INT, p INT, s INT\"|x|'line' is a reserved name|line",
            })
    void aDescriptionThatDoesNotFitIsRefusedWithItsLineBeforeAnyWork(String damage) throws IOException {
        String[] parts = damage.split("\\|");
        Path config = own().purchases();
        int line = append(config, "dataset." + parts[0]);
        CommandRun run = CommandRun.of("ingest", "--config", config.toString(), "--master", "local[1]");
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err())
                .contains(config + ":" + line + ": ")
                .contains(parts[parts[1].equals("x") ? 2 : 1], parts[3]);
        assertThat(folder.resolve("work/interactions")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type = sparse, expression = \"length(shop) > 0\"|only the value true",
                "type = sparse, hash_buckets = 10, expression = \"length(shop) > 0\"|only the value true",
                "type = sparse, expression = \"CAST(null AS STRING)\"|no value at all",
                "type = sparse, group = user, expression = \"left(user, 1)\"|only the value u",
                "type = dense, expression = \"price * 0\"|only the value 0.0",
                "type = sequence, expression = \"array('a', 'a')\"|only the value a",
            })
    void aDatasetWhoseOnlyFeatureHasOneValueIsRefusedWithItsLineAndTheColumnsBeforeAnyWork(String feature)
            throws IOException {
        String[] parts = feature.split("\\|");
        Path config = own().purchases();
        Files.writeString(config, Files.readString(config) + "\ndataset.features = [{ name = x, " + parts[0] + " }]\n");
        int line = Files.readAllLines(config).size();
        CommandRun run = CommandRun.of("pipeline", "--config", config.toString(), "--master", "local[1]");
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err())
                .contains(
                        config + ":" + line + ": feature x has " + parts[1] + " in train",
                        "Correct its expression (",
                        "Columns: user, item, time, price, shop.");
        assertThat(folder.resolve("work/interactions")).doesNotExist();
    }

    @Test
    void aDatasetThatTheSplitLeavesNoFeatureIsRefusedToo() throws IOException {
        Path config = own().purchases();
        append(config, "dataset.features = [{ name = x, type = sparse, expression = shop, min_frequency = 91 }]");
        CommandRun run = OwnDatasets.command("describe", config);
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err()).contains("feature x has no value at all in train", "no other feature");
    }

    /** One kind each, with histories, all features of the users, and one that only the least frequency leaves without values. */
    @Test
    void featuresOfOneValueAreToldAndLeftOutOfTheModel() throws IOException {
        Path config = own().purchases();
        int line = append(
                config,
                """
                dataset.features = [
                  { name = kind, type = sparse, group = user, expression = "left(user, 1)" }
                  { name = item, type = sparse, group = item, embedding_dim = 4 }
                  { name = zero, type = dense, expression = "price * 0" }
                  { name = hashed, type = sparse, hash_buckets = 10, expression = "length(shop) > 0" }
                  { name = list, type = sequence, expression = "array('a', 'a')" }
                  { name = hashes, type = sequence, hash_buckets = 10, expression = "array('a')" }
                  { name = rare, type = sparse, expression = shop, min_frequency = 91 }
                  { name = shop, type = sparse }
                  { name = never, type = dense, history { of = count, where = "price < 0" } }
                ]""");
        int first = line - 9;

        CommandRun run = OwnDatasets.command("pipeline", config);

        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains(
                        "9 features match",
                        "warning: " + config + ":" + first + ": feature kind has only the value u in train and is left",
                        ":" + (first + 2) + ": feature zero has only the value 0.0",
                        ":" + (first + 3) + ": feature hashed has only the value true",
                        ":" + (first + 4) + ": feature list has only the value a",
                        ":" + (first + 5) + ": feature hashes has only the value a",
                        ":" + (first + 6) + ": feature rare has no value at all",
                        ":" + (first + 8) + ": feature never has only the value 0.0")
                .containsOnlyOnce("feature kind")
                .containsOnlyOnce("feature rare");
        assertThat(Files.readString(folder.resolve("run/model/schema.json")))
                .contains("\"item\"", "\"shop\"")
                .doesNotContain("kind", "zero", "hashed", "list", "hashes", "rare", "never");

        CommandRun again = OwnDatasets.command("describe", config);
        assertThat(again.out())
                .contains("up to date", "feature kind has only the value u", "feature rare has no value");
        CommandRun predicted = OwnDatasets.command(
                "predict",
                config,
                "--input",
                folder.resolve("purchases.csv").toString(),
                "--output",
                folder.resolve("predictions").toString());
        assertThat(predicted.err()).isEmpty();
        assertThat(predicted.exitCode()).isZero();
    }

    @Test
    void describeShowsFieldsSharesAndCounts() throws IOException {
        CommandRun run = CommandRun.of("describe", "--config", own().purchases().toString(), "--master", "local[1]");
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .containsPattern("user +sparse +user +16 +4 +0.0 +0.0 +0.0")
                .containsPattern("price +dense +context +- +2 ")
                .containsPattern("train +90 rows, 100.0 % positive")
                .contains("interactions per user  min 8, median 8, mean 8.0, max 8");
    }

    /** Adds a line to a file and gives its number. */
    private static int append(Path config, String text) throws IOException {
        Files.writeString(config, Files.readString(config) + "\n" + text + "\n");
        return Files.readAllLines(config).size();
    }

    private OwnDatasets own() {
        return new OwnDatasets(folder);
    }
}
