package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An architecture, a loss, a metric, a split strategy, an optimizer and a baseline, each one class in a jar beside the program. */
class ExtensionsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Map<String, String> SOURCES = Map.of(
            "io.deepfm.baseline.Baseline",
            """
            import io.deepfm.baseline.Baseline;
            import io.deepfm.baseline.BaselineData;
            import io.deepfm.baseline.ItemScores;
            import io.deepfm.baseline.Variant;
            import io.deepfm.config.Default;
            import java.util.List;
            import java.util.Map;
            import java.util.stream.IntStream;
            import java.util.stream.Stream;

            public final class Newest implements Baseline<Newest.Settings> {
                public record Own(@Default("[0, 1]") List<Integer> sign) {}

                public record Settings(Own newest) {}

                public String name() {
                    return "newest";
                }

                public Class<Settings> settings() {
                    return Settings.class;
                }

                public Stream<Variant> variants(BaselineData data, Settings settings) {
                    return settings.newest().sign().stream()
                            .map(sign -> new Variant(Map.of("sign", sign), () -> scores(sign)));
                }

                private static ItemScores scores(int sign) {
                    return (user, items) -> {
                        float[] scores = new float[items.length];
                        IntStream.range(0, items.length).forEach(i -> scores[i] = sign * items[i]);
                        return scores;
                    };
                }
            }
            """,
            "io.deepfm.model.Architecture",
            """
            import ai.djl.ndarray.NDArray;
            import ai.djl.ndarray.types.Shape;
            import io.deepfm.config.Default;
            import io.deepfm.model.Architecture;
            import io.deepfm.model.CtrModel;
            import io.deepfm.model.embedding.FeatureViews;
            import io.deepfm.model.parameter.Initializer;
            import io.deepfm.model.parameter.Parameter;
            import io.deepfm.model.layer.Pass;
            import io.deepfm.model.layer.Scale;
            import io.deepfm.schema.DatasetSchema;
            import java.util.EnumSet;

            public final class Linear implements Architecture<Linear.Settings> {
                public record Own(@Default("1.0") double scale) {}

                public record Settings(Own linear) {}

                public String name() {
                    return "linear";
                }

                public Class<Settings> settings() {
                    return Settings.class;
                }

                public CtrModel create(DatasetSchema schema, Settings settings) {
                    return new CtrModel(schema, 0, false, EnumSet.of(FeatureViews.View.FLAT)) {
                        private final Parameter weight = parameters()
                                .trained("head", new Shape(schema.totalEmbeddingDim(), 1), Initializer.XAVIER_UNIFORM);

                        protected NDArray interactions(FeatureViews views, Pass pass) {
                            return Scale.by(views.flat().whole().matMul(weight.array()), settings.linear().scale());
                        }
                    };
                }
            }
            """,
            "io.deepfm.training.loss.Loss",
            """
            import ai.djl.ndarray.NDArray;
            import io.deepfm.config.Default;
            import io.deepfm.training.loss.Loss;
            import io.deepfm.training.loss.Predictions;

            public final class Brier implements Loss<Brier.Settings> {
                public record Own(@Default("1.0") double weight) {}

                public record Settings(Own brier) {}

                public String name() {
                    return "brier";
                }

                public Class<Settings> settings() {
                    return Settings.class;
                }

                public NDArray of(Predictions predictions, Settings settings) {
                    NDArray error = ai.djl.nn.Activation.sigmoid(predictions.logits()).sub(predictions.labels());
                    return error.mul(error).mean().mul((float) settings.brier().weight());
                }
            }
            """,
            "io.deepfm.metrics.Metric",
            """
            import io.deepfm.config.Default;
            import io.deepfm.config.EvaluationConfig;
            import io.deepfm.metrics.CandidateMetrics.Summary;
            import io.deepfm.metrics.Metric;
            import java.util.Map;

            public final class CappedMrr implements Metric<CappedMrr.Settings> {
                public record Own(@Default("1000000") int lastRank) {}

                public record Settings(EvaluationConfig evaluation, Own cappedMrr) {}

                public String name() {
                    return "capped_mrr";
                }

                public Class<Settings> settings() {
                    return Settings.class;
                }

                public boolean higherIsBetter() {
                    return true;
                }

                public boolean needsNegatives() {
                    return true;
                }

                public Tally start(Settings settings, int catalogue) {
                    return new Tally() {
                        private double sum;
                        private long ranked;

                        public void add(Summary list) {
                            if (settings.evaluation().ranks(list.label())) {
                                ranked++;
                                sum += list.rank() > settings.cappedMrr().lastRank() ? 0 : 1.0 / list.rank();
                            }
                        }

                        public Map<String, Double> values() {
                            return Map.of("capped_mrr", sum / ranked);
                        }
                    };
                }
            }
            """,
            "io.deepfm.data.split.SplitStrategy",
            """
            import static org.apache.spark.sql.functions.col;
            import static org.apache.spark.sql.functions.when;

            import io.deepfm.config.Default;
            import io.deepfm.data.split.SplitStrategy;
            import io.deepfm.dataset.DatasetDefinition;
            import java.util.Map;
            import java.util.Optional;
            import org.apache.spark.sql.Column;
            import org.apache.spark.sql.Dataset;
            import org.apache.spark.sql.Row;

            public final class EveryNth implements SplitStrategy<EveryNth.Settings> {
                public record Own(@Default("10") int n) {}

                public record Settings(Own everyNth) {}

                public String name() {
                    return "every_nth";
                }

                public Class<Settings> settings() {
                    return Settings.class;
                }

                public Optional<String> missing(DatasetDefinition dataset) {
                    return Optional.empty();
                }

                public Map<String, Object> parameters(Settings settings) {
                    return Map.of("n", settings.everyNth().n());
                }

                public Column split(Dataset<Row> interactions, Settings settings) {
                    Column place = col("interaction").mod(settings.everyNth().n());
                    return when(place.equalTo(0), "test").when(place.equalTo(1), "validation").otherwise("train");
                }
            }
            """,
            "io.deepfm.training.optimizer.OptimizerFactory",
            """
            import ai.djl.ndarray.NDArray;
            import io.deepfm.config.Default;
            import io.deepfm.training.optimizer.Optimizer;
            import io.deepfm.training.optimizer.OptimizerFactory;
            import java.util.List;

            public final class SignDescent implements OptimizerFactory<SignDescent.Settings> {
                public record Own(@Default("1.0") double scale) {}

                public record Settings(Own signDescent) {}

                public String name() {
                    return "sign_descent";
                }

                public Class<Settings> settings() {
                    return Settings.class;
                }

                public Optimizer create(Settings settings) {
                    return new Optimizer() {
                        public List<String> moments() {
                            return List.of();
                        }

                        public void update(
                                long step,
                                NDArray weights,
                                NDArray gradients,
                                List<NDArray> moments,
                                double learningRate) {
                            weights.subi(gradients.sign().muli((float) (learningRate * settings.signDescent().scale())));
                        }
                    };
                }
            }
            """);

    @TempDir
    private Path folder;

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private URLClassLoader withJar;
    private Path config;

    @BeforeEach
    void addTheJar() throws IOException {
        config = RawFiles.write(folder);
        withJar = new URLClassLoader(new URL[] {jar().toUri().toURL()}, before);
        Thread.currentThread().setContextClassLoader(withJar);
    }

    @AfterEach
    void removeTheJar() throws IOException {
        Thread.currentThread().setContextClassLoader(before);
        withJar.close();
    }

    @Test
    void allAreUsedByNameWithSettingsOfTheirOwn() throws IOException {
        CommandRun run = command(
                "pipeline",
                "model_name=linear",
                "linear.scale=0.5",
                "training.loss=brier",
                "brier.weight=100",
                "training.metric=capped_mrr",
                "capped_mrr.last_rank=1",
                "evaluation.ks=[1]",
                "data.split_strategy=every_nth",
                "every_nth.n=6",
                "training.optimizer=sign_descent",
                "sign_descent.scale=0",
                "training.epochs=2",
                "evaluation.baselines=[newest]");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("capped_mrr");

        JsonNode results = JSON.readTree(folder.resolve("run/results.json").toFile());
        assertThat(results.at("/data/split/test").asInt())
                .as("each sixth of 84")
                .isEqualTo(14);
        assertThat(results.at("/test_metrics/capped_mrr").isNumber()).isTrue();
        assertThat(results.at("/test_metrics/capped_mrr"))
                .as("with no rank but the first")
                .isEqualTo(results.at("/test_metrics/HR@1"));
        assertThat(results.at("/baselines/newest/settings/sign").asInt())
                .as("the one that does not score all alike")
                .isEqualTo(1);
        assertThat(results.at("/baselines/newest/test_metrics/capped_mrr").isNumber())
                .isTrue();
        assertThat(results.at("/config/brier/weight").asDouble()).isEqualTo(100);
        assertThat(results.at("/training_info/best_epoch").asInt()).isEqualTo(1);
        assertThat(JSON.readTree(folder.resolve("run/model/model.json").toFile()))
                .isEqualTo(JSON.readTree("{\"model_name\": \"linear\", \"linear\": {\"scale\": 0.5}}"));

        List<String> epochs = Files.readAllLines(folder.resolve("run/metrics.csv"));
        List<String> columns = List.of(epochs.get(0).split(","));
        double loss = Double.parseDouble(epochs.get(1).split(",")[columns.indexOf("train_loss")]);
        assertThat(loss).as("100 times about a quarter").isBetween(10.0, 40.0);
        int mrr = columns.indexOf("val_capped_mrr");
        assertThat(mrr).isPositive();
        int auc = columns.indexOf("val_auc");
        assertThat(epochs.get(1).split(",")[auc])
                .as("steps of length 0")
                .isEqualTo(epochs.get(2).split(",")[auc]);
    }

    @Test
    void allAreListedInTheHelpTextAndWhereANameIsWrong() {
        assertThat(CommandRun.of("train", "--help").out())
                .contains("deepfm | xdeepfm | attention_deepfm | dcnv2 | linear")
                .contains("binary_cross_entropy | sampled_softmax | bpr | gbce | brier")
                .contains("HR | NDCG | MRR | Precision | Recall | MAP | Coverage | ")
                .contains("leave_one_out | temporal | random | predefined | predefined_test | every_nth")
                .contains("adam | adamw | sgd | adagrad | sign_descent")
                .contains("transitions | ease_transitions | als | newest");
        Map.of(
                        "model_name=linaer", "linear",
                        "training.loss=briar", "brier",
                        "training.metric=caped_mrr", "capped_mrr",
                        "data.split_strategy=every_mth", "every_nth",
                        "training.optimizer=sign_decent", "sign_descent")
                .forEach((override, name) -> {
                    CommandRun run = command("ingest", override);
                    assertThat(run.exitCode()).isEqualTo(Main.EXIT_CONFIG);
                    assertThat(run.err())
                            .contains("--override " + override, "there is no", "Did you mean " + name + "? Known: ");
                });
        assertThat(command("ingest", "sign_descent.scal=1").err())
                .contains("unknown key sign_descent.scal. Did you mean sign_descent.scale?");
    }

    private CommandRun command(String command, String... overrides) {
        List<String> words =
                new ArrayList<>(List.of(command, "--config", config.toString(), "--master", "local[1]", "--override"));
        words.addAll(List.of(overrides));
        return CommandRun.of(words.toArray(String[]::new));
    }

    private Path jar() throws IOException {
        Path classes = Files.createDirectories(folder.resolve("classes"));
        List<String> words = new ArrayList<>(
                List.of("-proc:none", "-cp", System.getProperty("java.class.path"), "-d", classes.toString()));
        Path jar = folder.resolve("extensions.jar");
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out)) {
            for (Map.Entry<String, String> source : SOURCES.entrySet()) {
                String name = source.getValue().replaceAll("(?s).*public final class (\\w+).*", "$1");
                words.add(Files.writeString(folder.resolve(name + ".java"), source.getValue())
                        .toString());
                entries.putNextEntry(new JarEntry("META-INF/services/" + source.getKey()));
                entries.write((name + "\n").getBytes(StandardCharsets.UTF_8));
            }
            assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, words.toArray(String[]::new)))
                    .isZero();
            try (Stream<Path> files = Files.list(classes)) {
                for (Path file : files.toList()) {
                    entries.putNextEntry(new JarEntry(file.getFileName().toString()));
                    entries.write(Files.readAllBytes(file));
                }
            }
        }
        return jar;
    }
}
