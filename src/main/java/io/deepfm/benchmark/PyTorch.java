package io.deepfm.benchmark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.deepfm.config.ConfigException;
import io.deepfm.config.ConfigLoader;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.embedding.FeatureConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;

/** The same models in eager PyTorch: a process of {@code scripts/pytorch/benchmark.py} per run. */
public final class PyTorch {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What scripts/deepfm sets for torch in this process; PyTorch runs as it would by itself. */
    private static final Set<String> OF_OUR_SCRIPT =
            Set.of("GOMP_SPINCOUNT", "MALLOC_TOP_PAD_", "MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_");

    private static final Path SCRIPT = Path.of("scripts", "pytorch", "benchmark.py");

    private final String python;
    private final Map<String, String> versions;

    /**
     * @param python a Python interpreter that has torch
     * @throws ConfigException if there is none, or it has no torch
     */
    public PyTorch(String python) {
        this.python = python;
        if (!Files.isRegularFile(SCRIPT)) {
            throw new ConfigException("--pytorch: there is no " + SCRIPT + " here. Run this in the project's folder.");
        }
        JsonNode found = run("--versions");
        this.versions = Map.of(
                "python", found.path("python").asText(),
                "pytorch", found.path("torch").asText());
    }

    /** The versions of {@code python} and {@code pytorch}. */
    Map<String, String> versions() {
        return versions;
    }

    /**
     * Measures a case, over random rows with the same fields, settings and batch size.
     *
     * @param measured training or scoring
     * @param warmUp seconds before
     * @param seconds seconds to measure
     * @param threads of torch
     * @return what it took
     * @throws ConfigException if the script fails or says something else than what it measured
     */
    Measurement measure(Case measured, double warmUp, double seconds, int threads) {
        Path file = null;
        try {
            file = Files.createTempFile("deepfm-benchmark", ".json");
            Files.writeString(file, settings(measured, warmUp, seconds, threads));
            JsonNode took = run(file.toString());
            if (took.path("rows").asLong() < 1 || !(took.path("seconds").asDouble() > 0)) {
                throw failed("gave no rows and seconds: " + took);
            }
            return new Measurement(
                    took.path("rows").asLong(),
                    took.path("seconds").asDouble(),
                    took.path("cpu_seconds").asDouble());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            delete(file);
        }
    }

    private static String settings(Case measured, double warmUp, double seconds, int threads)
            throws JsonProcessingException {
        ExperimentConfig config = measured.config();
        ObjectNode settings = JSON.createObjectNode()
                .put("what", measured.what() == What.SCORE ? "score" : "train")
                .put("warm_up", warmUp)
                .put("seconds", seconds)
                .put("threads", threads);
        settings.set("model", JSON.readTree(ModelConfig.of(config).toJson()));
        settings.set("schema", JSON.readTree(measured.schema().toJson()));
        settings.set(
                "feature", JSON.valueToTree(ConfigLoader.toMap(config.sections().get(FeatureConfig.class))));
        settings.set("training", JSON.valueToTree(ConfigLoader.toMap(config.training())));
        settings.set("evaluation", JSON.valueToTree(ConfigLoader.toMap(config.evaluation())));
        return JSON.writeValueAsString(settings);
    }

    /** Runs the script; gives the object on the last line that it prints. */
    private JsonNode run(String argument) {
        Process process = null;
        Path errors = null;
        try {
            errors = Files.createTempFile("deepfm-benchmark", ".err");
            ProcessBuilder builder = new ProcessBuilder(python, SCRIPT.toString(), argument);
            builder.environment().keySet().removeAll(OF_OUR_SCRIPT);
            process = builder.redirectError(errors.toFile()).start();
            process.getOutputStream().close();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw failed("fails: " + lastLine(Files.readString(errors)));
            }
            return JSON.readTree(lastLine(out));
        } catch (JsonProcessingException e) {
            throw failed("printed no JSON object: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new ConfigException("--pytorch " + python + ": cannot be run (" + e.getMessage()
                    + "). Give a Python interpreter that has torch.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("The benchmark was interrupted");
        } finally {
            if (process != null) {
                process.destroyForcibly();
            }
            delete(errors);
        }
    }

    private ConfigException failed(String how) {
        return new ConfigException("--pytorch " + python + ": " + SCRIPT + " " + how
                + (how.contains("No module named")
                        ? ". Give a Python interpreter that has torch, such as that of the environment in"
                                + " scripts/pytorch/README.md."
                        : ""));
    }

    private static String lastLine(String text) {
        List<String> lines = new ArrayList<>(text.strip().lines().toList());
        return lines.isEmpty() ? "nothing" : lines.get(lines.size() - 1);
    }

    private static void delete(Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
