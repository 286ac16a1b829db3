package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("proof")
class BenchmarkCommandTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private Path config;
    private Path json;

    @BeforeEach
    void writeADataset() throws IOException {
        config = RawFiles.write(folder);
        json = folder.resolve("benchmark.json");
    }

    @Test
    void everyRunHasAFigureAndAName() throws IOException {
        Path left = KilledCommand.in(folder.resolve("work"));
        CommandRun run = benchmark("--models", "deepfm", "--vocabularies", "20,200", "--rounds", "2");
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("Training, samples per second", "Scoring, candidates per second", "200 buckets", "Spark");
        JsonNode report = JSON.readTree(json.toFile());
        List<String> names = new ArrayList<>();
        for (JsonNode one : report.path("runs")) {
            assertThat(one.path("per_second").asDouble()).as(one.toString()).isPositive();
            assertThat(one.path("seconds").asDouble()).as(one.toString()).isPositive();
            assertThat(one.path("rows").asLong()).as(one.toString()).isPositive();
            names.add(one.path("round").asInt() + " " + one.path("system").asText() + " "
                    + one.path("model").asText("-") + " " + one.path("what").asText() + " "
                    + one.path("hash_buckets").asText("-"));
        }
        assertThat(names)
                .containsExactly(
                        "1 deepfm-spark deepfm train -",
                        "1 deepfm-spark deepfm score -",
                        "1 deepfm-spark - sampling -",
                        "1 deepfm-spark deepfm vocabulary 20",
                        "1 deepfm-spark deepfm vocabulary 200",
                        "2 deepfm-spark deepfm train -",
                        "2 deepfm-spark deepfm score -",
                        "2 deepfm-spark - sampling -",
                        "2 deepfm-spark deepfm vocabulary 20",
                        "2 deepfm-spark deepfm vocabulary 200");
        assertThat(report.path("summary")).hasSize(5);
        for (String key : List.of("cpu", "cores", "memory_gib", "os", "java", "djl", "torch", "threads")) {
            assertThat(report.path("machine").path(key).asText()).as(key).isNotBlank();
        }
        assertThat(folder.resolve("run")).as("a run's folder").doesNotExist();
        assertThat(left).doesNotExist();
        assertThat(folder.resolve("work")).isDirectoryNotContaining("glob:**/.{tmp,scratch}-*");
    }

    /** RawFiles has 12 users with 7 ratings each; the last two are held out, with 10 negatives each. */
    @Test
    void scoringGoesThroughTheValidationLists() throws IOException {
        assertThat(benchmark("--what", "score", "--models", "deepfm", "--rounds", "1", "--seconds", "1e-9")
                        .exitCode())
                .isZero();
        assertThat(JSON.readTree(json.toFile()).path("runs").get(0).path("rows").asInt())
                .isEqualTo(12 * 11);
    }

    @Test
    void pyTorchRunsTheSameBetweenOurRuns() throws IOException {
        Path python = python(
                """
                if [ "$2" = --versions ]; then
                  echo '{"python": "3.99", "torch": "9.8.7"}'
                else
                  cp "$2" "%s/settings.json"
                  echo 'something else'
                  echo '{"rows": 100, "seconds": 0.5, "cpu_seconds": 0.75}'
                fi
                """
                        .formatted(folder));
        CommandRun run = benchmark(
                "--what", "train", "--models", "xdeepfm_relu", "--rounds", "2", "--pytorch", python.toString());
        assertThat(run.err()).isEmpty();
        JsonNode report = JSON.readTree(json.toFile());
        assertThat(report.path("runs").findValuesAsText("system"))
                .containsExactly("deepfm-spark", "pytorch", "deepfm-spark", "pytorch");
        assertThat(report.path("runs").get(3).path("per_second").asDouble()).isEqualTo(200);
        assertThat(report.path("machine").path("pytorch").asText()).isEqualTo("9.8.7");
        JsonNode summary = report.path("summary").get(0);
        assertThat(summary.path("ratio").asDouble())
                .isEqualTo(summary.path("systems")
                                .path("deepfm-spark")
                                .path("median")
                                .asDouble()
                        / 200);
        JsonNode settings = JSON.readTree(folder.resolve("settings.json").toFile());
        assertThat(settings.path("what").asText()).isEqualTo("train");
        assertThat(settings.path("threads").asInt()).isEqualTo(1);
        assertThat(settings.path("training").path("batch_size").asInt()).isEqualTo(64);
        assertThat(settings.path("model").path("cin").path("activation").asText())
                .isEqualTo("relu");
        assertThat(settings.path("schema").path("fields").findValuesAsText("name"))
                .contains("user_id", "genres");
    }

    @Test
    void aPythonThatIsNotThereOrHasNoTorchIsAnError() throws IOException {
        CommandRun missing = benchmark("--pytorch", folder.resolve("none").toString());
        assertThat(missing.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(missing.err()).contains("--pytorch " + folder.resolve("none"), "Give a Python interpreter");
        Path python = python("echo \"ModuleNotFoundError: No module named 'torch'\" >&2; exit 1");
        CommandRun without = benchmark("--pytorch", python.toString());
        assertThat(without.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(without.err()).contains("No module named 'torch'", "Give a Python interpreter that has torch");
    }

    @Test
    void aRunOfPyTorchThatSaysNothingOfItsTimeIsAnError() throws IOException {
        Path python = python("echo '{\"torch\": \"9\"}'");
        CommandRun run = benchmark("--what", "vocabulary", "--vocabularies", "9", "--pytorch", python.toString());
        assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(run.err()).contains("gave no rows and seconds", "{\"torch\":\"9\"}");
        assertThat(json).doesNotExist();
    }

    @Test
    void unknownNamesListTheKnown() {
        CommandRun model = benchmark("--models", "deepfm,deepfn");
        assertThat(model.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(model.err())
                .contains("deepfn", "Known: deepfm, xdeepfm_identity, xdeepfm_relu, attention_deepfm, dcnv2.");
        CommandRun what = benchmark("--what", "learn");
        assertThat(what.exitCode()).isEqualTo(Main.EXIT_CONFIG);
        assertThat(what.err()).contains("learn", "Known: train, score, vocabulary, sampling.");
    }

    @Test
    void optionsThatMakeNoSenseAreRefused() {
        assertThat(benchmark("--rounds", "0").err()).contains("--rounds 0: must be at least 1.");
        assertThat(benchmark("--seconds", "-1").err()).contains("--seconds -1.0: must be above 0.");
        assertThat(benchmark("--vocabularies", "0").err()).contains("--vocabularies 0: must be at least 1.");
    }

    private CommandRun benchmark(String... options) {
        List<String> all = new ArrayList<>(
                List.of("benchmark", "--config", config.toString(), "--master", "local[1]", "--json", json.toString()));
        all.addAll(List.of("--warm-up", "0"));
        all.addAll(Arrays.asList(options));
        if (!all.contains("--seconds")) {
            all.addAll(List.of("--seconds", "0.05"));
        }
        return CommandRun.of(all.toArray(String[]::new));
    }

    private Path python(String script) throws IOException {
        Path python = Files.writeString(folder.resolve("python"), "#!/bin/sh\n" + script + "\n");
        assertThat(python.toFile().setExecutable(true)).isTrue();
        return python;
    }
}
