package io.deepfm.training;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.translate.NoopTranslator;
import ai.djl.translate.TranslateException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.inference.EngineSettings;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.inference.ScoringBatch;
import io.deepfm.inference.ScoringBatch.Known;
import io.deepfm.job.Configurations;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.Models;
import io.deepfm.model.PyTorchFixture;
import io.deepfm.model.io.TensorFile;
import io.deepfm.model.layer.Pass;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.training.loss.Targets;
import io.deepfm.training.shard.Batch;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training and inference use no operator that Apple's MPS device lacks, and no float64, which it lacks too. Told without
 * a Mac: the engine's profiler names each operator, and a table of the macOS library's says which work there.
 */
class MpsOperatorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "aten::";
    private static final Map<String, Set<String>> KINDS = readKinds();

    @TempDir
    private Path folder;

    @Test
    void trainingAndInferenceOfAllModelsWork() throws IOException {
        Set<String> operators = profile(() -> {
            Stream.concat(PyTorchFixture.all("forward"), PyTorchFixture.all("training"))
                    .forEach(MpsOperatorsTest::trainAndPredict);
            trainOnGroups("dense");
            trainOnGroups("lazy");
        });
        assertThat(operators)
                .contains("embedding", "gather", "scatter_add_", "index_put_", "bmm", "native_batch_norm", "one_hot");
        assertThat(operators).allMatch(MpsOperatorsTest::isSupported);
    }

    @Test
    void anOperatorWithoutAKernelIsFoundOut() throws IOException {
        assertThat(profile(MpsOperatorsTest::embeddingBag))
                .contains("_embedding_bag_forward_only")
                .anyMatch(operator -> !isSupported(operator));
        assertThat(isSupported("_embedding_bag")).isFalse();
    }

    /** The profiler does not tell types; but float64 comes from a Java double alone, and such reach DJL boxed. */
    @Test
    void noDoubleReachesTheEngine() {
        JavaClasses classes = new ClassFileImporter()
                .withImportOption(location -> !location.contains("/test-classes/"))
                .importPackages("io.deepfm.model", "io.deepfm.training");
        noDoubles().check(classes);
        JavaClasses boxing = new ClassFileImporter().importClasses(PyTorchTrainingTest.class);
        assertThat(noDoubles().evaluate(boxing).hasViolation())
                .as("the rule finds one here")
                .isTrue();
    }

    private static ArchRule noDoubles() {
        return noClasses()
                .should()
                .callMethod(Double.class, "valueOf", double.class)
                .orShould()
                .accessField(DataType.class, "FLOAT64")
                .orShould()
                .callMethod(NDManager.class, "create", double.class)
                .orShould()
                .callMethod(NDManager.class, "create", double[].class);
    }

    /** Two steps with each optimizer, with dropout, penalty, decay and clipping; then the logits. */
    private static void trainAndPredict(PyTorchFixture fixture) {
        for (String optimizer : List.of("adam", "adamw", "adagrad", "sgd")) {
            ExperimentConfig config = Configurations.defaults(
                    "training.optimizer=" + optimizer,
                    "training.weight_decay=0.01",
                    "training.gradient_clip_norm=0.001",
                    "feature.embedding_l2_reg=0.01");
            try (NDManager manager = NDManager.newBaseManager()) {
                CtrModel model = fixture.model(manager, 0.5);
                TrainingStep step = new TrainingStep(model, manager, 10, config);
                float[] labels = fixture.labels(0);
                for (int i = 0; i < 2; i++) {
                    step.step(fixture.batch(manager, 0), targets(manager, labels), 0.01);
                }
                model.forward(fixture.batch(manager, 0), Pass.inference()).toFloatArray();
                score(manager, model, fixture.tables(0), labels.length);
                TensorFile.values(model.parameters().values());
            }
        }
    }

    private static void score(NDManager manager, CtrModel model, Map<FieldGroup, FeatureTable> tables, int rows) {
        int[] indices = IntStream.range(0, rows).toArray();
        FeatureTable context =
                tables.getOrDefault(FieldGroup.CONTEXT, new FeatureTable(rows, new int[0], new float[0]));
        ScoringBatch batch =
                ScoringBatch.ofRows(rows, new Known(indices), new Known(indices), new ScoringBatch.Given(context));
        try (Scorer scorer = new Scorer(manager, model, tables, rows / 2)) {
            scorer.logits(batch);
        }
    }

    /** The fixtures' rows share no users, and nothing is found out beforehand of their tables, such as what a small vocabulary allows. */
    private static void trainOnGroups(String updates) {
        int rows = 300;
        int groups = rows / 3;
        DatasetSchema schema = new DatasetSchema(
                List.of(
                        FieldSchema.sparse("who", FieldGroup.USER, rows + 1, 4),
                        FieldSchema.sparse("what", FieldGroup.ITEM, rows + 1, 4),
                        FieldSchema.sequence("tags", FieldGroup.ITEM, 5, 4, 2, Combiner.MEAN),
                        FieldSchema.sequence("before", FieldGroup.CONTEXT, rows + 1, 4, 1, Combiner.SQRTN)
                                .sharing("what")),
                "label");
        FeatureTable users =
                new FeatureTable(rows, IntStream.rangeClosed(1, rows).toArray(), new float[0]);
        int[] ids = IntStream.range(0, rows)
                .flatMap(item -> IntStream.of(item + 1, 1 + item % 4, item % 5))
                .toArray();
        FeatureTable items = new FeatureTable(rows, ids, new float[0]);
        float[] labels = new float[rows];
        Arrays.fill(labels, 0, rows / 2, 1);
        Batch batch = new Batch(
                IntStream.range(0, groups).toArray(),
                IntStream.rangeClosed(0, groups).map(group -> 3 * group).toArray(),
                IntStream.range(0, rows).toArray(),
                labels,
                users.slice(0, groups));
        for (String optimizer : List.of("adam", "adamw", "adagrad", "sgd")) {
            ExperimentConfig config =
                    Configurations.defaults("training.embedding_updates=" + updates, "training.optimizer=" + optimizer);
            try (NDManager manager = NDManager.newBaseManager()) {
                CtrModel model = Models.create(manager, schema, ModelConfig.of(config), 1);
                BatchInputs inputs = updates.equals("lazy")
                        ? new GatheringInputs(model.parameters(), schema, users, items)
                        : new ResidentInputs(manager, model.embedding(), users, items);
                new TrainingStep(model, manager, 10, config)
                        .step(inputs.prepare(batch).toDevice(manager), targets(manager, labels), 0.01);
            }
        }
    }

    /** The first row observed and the others sampled. */
    private static Targets targets(NDManager manager, float[] labels) {
        float[] observed = new float[labels.length];
        observed[0] = 1;
        return new Targets(manager.create(labels), manager.create(observed), null);
    }

    private static void embeddingBag() {
        try (Model model = Model.newInstance("embedding_bag", "PyTorch")) {
            model.load(Path.of(MpsOperatorsTest.class.getResource("/pytorch").getPath()), "embedding_bag");
            try (NDManager manager = model.getNDManager().newSubManager();
                    Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
                predictor.predict(new NDList(manager.create(new long[] {1, 2}, new Shape(1, 2))));
            }
        } catch (IOException | MalformedModelException | TranslateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The operators that run on the device: those within one that has an MPS kernel are that kernel's own concern. */
    private Set<String> profile(Runnable work) throws IOException {
        Path file = folder.resolve("trace.json");
        EngineSettings.start(1);
        JniUtils.startProfile(false, false, false);
        try {
            work.run();
        } finally {
            JniUtils.stopProfile(file.toString());
        }
        List<JsonNode> events = new ArrayList<>();
        JSON.readTree(file.toFile()).forEach(events::add);
        events.removeIf(event -> !event.path("name").asText().startsWith(PREFIX));
        events.sort(Comparator.<JsonNode>comparingLong(event -> event.get("tid").asLong())
                .thenComparingDouble(event -> event.get("ts").asDouble())
                .thenComparingDouble(event -> -event.get("dur").asDouble()));
        Set<String> operators = new TreeSet<>();
        long thread = -1;
        double end = -1;
        for (JsonNode event : events) {
            double start = event.get("ts").asDouble();
            if (event.get("tid").asLong() != thread || start > end) {
                String operator = event.get("name").asText().substring(PREFIX.length());
                operators.add(operator);
                thread = event.get("tid").asLong();
                end = kinds(operator).contains("MPS") ? start + event.get("dur").asDouble() : -1;
            }
        }
        return operators;
    }

    /**
     * Whether the macOS library has an MPS kernel for an operator, or a definition by other operators, which the trace
     * shows too. By any of its overloads, as the profiler tells the name alone.
     */
    private static boolean isSupported(String operator) {
        Set<String> kinds = kinds(operator);
        // The table comes from symbols in which the composite of _x cannot be told from that of x.
        boolean isAmbiguous =
                operator.startsWith("_") && kinds(operator.substring(1)).contains("CompositeImplicitAutograd");
        // CompositeExplicitAutogradNonFunctional is a wrapper around a kernel and no definition.
        // But for this one, which the function new_empty_strided_symint defines by empty_strided.
        return operator.equals("new_empty_strided")
                || kinds.contains("MPS")
                || kinds.contains("CompositeExplicitAutograd")
                || (kinds.contains("CompositeImplicitAutograd") && !isAmbiguous);
    }

    private static Set<String> kinds(String operator) {
        return KINDS.getOrDefault(operator, Set.of());
    }

    /** What there is for an operator, over all its overloads. */
    private static Map<String, Set<String>> readKinds() {
        try (InputStream in = MpsOperatorsTest.class.getResourceAsStream("/mps/pytorch-2.7.1-operators.json")) {
            Map<String, Set<String>> kinds = new HashMap<>();
            JsonNode operators = JSON.readTree(in).get("operators");
            operators.fieldNames().forEachRemaining(overload -> operators
                    .get(overload)
                    .forEach(kind -> kinds.computeIfAbsent(overload.split("\\.")[0], name -> new TreeSet<>())
                            .add(kind.asText())));
            return kinds;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
