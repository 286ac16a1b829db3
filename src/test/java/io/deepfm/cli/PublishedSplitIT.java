package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leave-one-out split as papers publish them: files of train and test rows, and one of the lists to rank. */
@Tag("proof")
class PublishedSplitIT {

    private static final int USERS = 20;
    private static final int ITEMS = 25;

    @TempDir
    private Path folder;

    @Test
    void testIsRankedInItsOwnLists() throws IOException {
        Path config = published();
        CommandRun run = OwnDatasets.command("pipeline", config);
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .contains("train 100 (100 positive), validation 20 (20 positive), test 20 (20 positive)")
                .contains(
                        "1 + 5 items for each of 20 validation interactions; 20 test lists of the dataset's own, 1 less")
                .contains("Test metrics, the dataset's own candidate lists");
        JsonNode results =
                new ObjectMapper().readTree(folder.resolve("run/results.json").toFile());
        // Lists of 3 and 4 negatives by turns; the first loses the one that is its own item.
        assertThat(results.at("/data/candidates/test_candidates").asLong()).isEqualTo(10 * 4 + 10 * 5 - 1);
        assertThat(results.at("/data/candidates/validation_candidates").asLong())
                .isEqualTo(20 * 6);
        assertThat(results.at("/test_metrics/HR@5").asDouble()).isEqualTo(1);
        assertThat(results.at("/test_metrics/users_ranked").asLong()).isEqualTo(USERS);
        assertThat(ParquetRows.of(folder.resolve("run/rankings/test")))
                .allMatch(row -> row.<Integer>getAs("rank") <= row.<Integer>getAs("candidates"));

        assertThat(OwnDatasets.command("sample", config).out()).contains("up to date");
        Files.writeString(folder.resolve("negatives"), Files.readString(folder.resolve("negatives")) + "(0,3)\t4\n");
        CommandRun repeated = OwnDatasets.command("pipeline", config);
        assertThat(repeated.exitCode()).isEqualTo(Main.EXIT_DATA);
        assertThat(repeated.err())
                .contains("negatives:21: user 0 has no test interaction with item 3, which this list is for");
    }

    @Test
    void whatDoesNotFitIsRefusedBeforeAnyWork() throws IOException {
        Path config = published();
        refused(config, "dataset.candidates.negatives=value", "candidates.negatives: must be an array of items");
        refused(config, "dataset.candidates.user=person", "candidates.user: cannot compute person", "negatives: value");
        refused(config, "data.split_strategy=random", "only data.split_strategy = predefined_test uses");
        refused(config, "data.split_strategy=predefined", "requires dataset.validation");
    }

    private static void refused(Path config, String override, String... problem) {
        CommandRun run = OwnDatasets.command("pipeline", config, "--override", override);
        assertThat(run.exitCode()).as(run.out()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err()).contains(problem);
    }

    /** In the format of the NCF paper; test rows have a column more than those of train. */
    private Path published() throws IOException {
        List<String> train = new ArrayList<>();
        List<String> test = new ArrayList<>();
        List<String> lists = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            for (int i = 0; i < 6; i++) {
                train.add(user + "\t" + (user + i) % ITEMS + "\t" + (1 + i % 5));
            }
            int item = (user + 6) % ITEMS;
            test.add(user + "\t" + item + "\t4\t900");
            StringBuilder list = new StringBuilder("(" + user + "," + item + ")");
            for (int i = 0; i < 3 + user % 2; i++) {
                list.append("\t").append(user == 0 && i == 0 ? item : (user + 10 + i) % ITEMS);
            }
            lists.add(list.toString());
        }
        Files.write(folder.resolve("train"), train);
        Files.write(folder.resolve("test"), test);
        Files.write(folder.resolve("negatives"), lists);
        String config =
                """
                output_dir = "%1$s/run"
                work_dir = "%1$s/work"
                device = cpu
                dnn.hidden_units = [8]
                training { batch_size = 64, epochs = 1, num_threads = 1 }
                data { dataset_name = own, auto_download = false, num_neg_eval = 5, split_strategy = predefined_test }
                dataset {
                  interactions { path = "%1$s/train", format = tsv, columns = "user INT, item INT, rating INT" }
                  test { path = "%1$s/test", format = tsv, columns = "user INT, item INT, rating INT, at BIGINT" }
                  candidates {
                    source { path = "%1$s/negatives", format = text }
                    user = "regexp_extract(value, '([0-9]+),([0-9]+)', 1)"
                    item = "regexp_extract(value, '([0-9]+),([0-9]+)', 2)"
                    negatives = "slice(split(value, '\\t'), 2, 1000)"
                  }
                  user = user
                  item = item
                  features = [
                    { name = user, type = sparse, group = user, embedding_dim = 4 }
                    { name = item, type = sparse, group = item, embedding_dim = 4 }
                  ]
                }
                """;
        return Files.writeString(folder.resolve("own.conf"), config.formatted(folder));
    }
}
