package io.deepfm.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {

    /** 3 runs of ours and 2 of PyTorch, in turn. */
    private static final List<Run> TRAINING = List.of(
            run(1, Run.OURS, "deepfm", What.TRAIN, null, 300, 2, 3),
            run(1, Run.PYTORCH, "deepfm", What.TRAIN, null, 100, 1, 2),
            run(2, Run.OURS, "deepfm", What.TRAIN, null, 800, 2, 4),
            run(2, Run.PYTORCH, "deepfm", What.TRAIN, null, 40, 2, 2),
            run(3, Run.OURS, "deepfm", What.TRAIN, null, 600, 2, 3));

    @Test
    void theMedianIsTheMiddleRunOrTheMeanOfTheTwoInTheMiddle() {
        Summary training = Summary.of(TRAINING).get(0);
        // 300, 800 and 600 rows in 2 seconds each.
        assertThat(training.systems().get(Run.OURS).runs()).isEqualTo(3);
        assertThat(training.systems().get(Run.OURS).median()).isEqualTo(300);
        assertThat(training.systems().get(Run.OURS).min()).isEqualTo(150);
        assertThat(training.systems().get(Run.OURS).max()).isEqualTo(400);
        // 100 rows in 1 second, 40 in 2.
        assertThat(training.systems().get(Run.PYTORCH).median()).isEqualTo(60);
        assertThat(training.systems().get(Run.PYTORCH).min()).isEqualTo(20);
        assertThat(training.systems().get(Run.PYTORCH).max()).isEqualTo(100);
    }

    @Test
    void theRatioIsThatOfTheMedians() {
        assertThat(Summary.of(TRAINING).get(0).ratio()).isEqualTo(5);
    }

    @Test
    void withoutPyTorchThereIsNoRatio() {
        Summary alone = Summary.of(List.of(run(1, Run.OURS, null, What.SAMPLING, null, 4, 1, 1)))
                .get(0);
        assertThat(alone.ratio()).isNull();
        assertThat(alone.ofFirst()).isNull();
    }

    @Test
    void secondsPerMillionRowsAreMediansOfTheirOwn() {
        Summary.Spread ours = Summary.of(TRAINING).get(0).systems().get(Run.OURS);
        // 2 seconds for 600 rows; CPU seconds per row are 3/300, 4/800 and 3/600.
        assertThat(ours.secondsPerMillion()).isCloseTo(1e6 * 2 / 600, within(1e-9));
        assertThat(ours.cpuSecondsPerMillion()).isCloseTo(1e6 * 3 / 600, within(1e-9));
    }

    @Test
    void eachVocabularyIsComparedWithTheFirst() {
        List<Run> runs = List.of(
                run(1, Run.OURS, "deepfm", What.VOCABULARY, 10, 400, 1, 1),
                run(1, Run.OURS, "deepfm", What.VOCABULARY, 1000, 100, 1, 1),
                run(2, Run.OURS, "deepfm", What.VOCABULARY, 10, 800, 1, 1),
                run(2, Run.OURS, "deepfm", What.VOCABULARY, 1000, 200, 1, 1));
        List<Summary> summary = Summary.of(runs);
        assertThat(summary).extracting(Summary::hashBuckets).containsExactly(10, 1000);
        assertThat(summary).extracting(Summary::ofFirst).containsExactly(1.0, 150 / 600.0);
    }

    @Test
    void theJsonHasOneEntryPerRunAndNoNulls() throws IOException {
        List<Run> runs = new ArrayList<>(TRAINING);
        runs.add(run(1, Run.OURS, null, What.SAMPLING, null, 4, 1, 1));
        runs.add(run(1, Run.OURS, "deepfm", What.VOCABULARY, 10, 4, 1, 1));
        BenchmarkReport report =
                new BenchmarkReport("2025-01-01T00:00:00Z", Map.of("cores", 2), Map.of(), runs, Summary.of(runs));
        JsonNode json = new ObjectMapper().readTree(report.toJson());
        assertThat(json.path("date").asText()).isEqualTo("2025-01-01T00:00:00Z");
        assertThat(json.path("machine").path("cores").asInt()).isEqualTo(2);
        assertThat(json.path("runs")).hasSize(7);
        assertThat(json.path("runs").get(1).toString())
                .isEqualTo("{\"round\":1,\"system\":\"pytorch\",\"model\":\"deepfm\",\"what\":\"train\","
                        + "\"per_second\":100.0,\"seconds\":1.0,\"cpu_seconds\":2.0,\"rows\":100}");
        assertThat(json.path("runs").get(6).path("hash_buckets").asInt()).isEqualTo(10);
        assertThat(json.path("summary")).hasSize(3);
        assertThat(json.path("summary").get(0).path("ratio").asDouble()).isEqualTo(5);
        assertThat(json.path("summary")
                        .get(0)
                        .path("systems")
                        .path("deepfm-spark")
                        .path("median")
                        .asDouble())
                .isEqualTo(300);
        assertThat(report.toJson()).doesNotContain("null");
    }

    @Test
    void theTableShowsBothSystemsAndTheirRatio() {
        List<String> lines = BenchmarkTable.of(Summary.of(TRAINING));
        assertThat(lines.get(0)).contains("Training, samples per second");
        assertThat(lines.get(1).strip().split("\\s{2,}"))
                .containsExactly("median", "min", "max", "PyTorch", "min", "max", "ratio", "CPU s/1e6");
        assertThat(lines.get(2).strip().split("\\s{2,}"))
                .containsExactly("deepfm", "300", "150", "400", "60", "20", "100", "5.00", "5000.00");
    }

    private static Run run(
            int round, String system, String model, What what, Integer buckets, long rows, double seconds, double cpu) {
        Case measured = new Case(what, model, buckets, null, null, null);
        return Run.of(round, system, measured, new Measurement(rows, seconds, cpu));
    }
}
