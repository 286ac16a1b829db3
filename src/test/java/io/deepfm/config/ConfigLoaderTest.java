package io.deepfm.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.baseline.Baseline;
import io.deepfm.baseline.label.LabelBaseline;
import io.deepfm.config.DataConfig.Duplicates;
import io.deepfm.config.DataConfig.Negatives;
import io.deepfm.config.DataConfig.NegativesFor;
import io.deepfm.config.DataConfig.PairWeight;
import io.deepfm.config.DataConfig.RawDigest;
import io.deepfm.config.DataConfig.RepeatedPairs;
import io.deepfm.config.DataConfig.ValidationRow;
import io.deepfm.config.EvaluationConfig.History;
import io.deepfm.config.EvaluationConfig.RankingPositives;
import io.deepfm.config.TrainingConfig.SchedulerName;
import io.deepfm.dataset.Datasets;
import io.deepfm.job.Configurations;
import io.deepfm.model.Architecture;
import io.deepfm.model.DeepFm;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.XDeepFm;
import io.deepfm.model.embedding.FeatureConfig;
import io.deepfm.model.embedding.FmConfig;
import io.deepfm.model.interaction.AttentionConfig;
import io.deepfm.model.interaction.CinConfig;
import io.deepfm.model.layer.Activation;
import io.deepfm.model.layer.DnnConfig;
import io.deepfm.training.loss.Loss;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

    @TempDir
    private Path folder;

    @Test
    void theDefaultsOfARunAreTheSpecifiedOnes() {
        ExperimentConfig config = Configurations.defaults();
        assertThat(config.modelName()).isEqualTo("deepfm");
        assertThat(config.seed()).isEqualTo(42);
        assertThat(config.device()).isEqualTo(DeviceChoice.AUTO);
        assertThat(config.outputDir()).isEqualTo("outputs/deepfm");
        assertThat(config.workDir()).isEqualTo("work/movielens-100k");
        assertThat(config.data())
                .isEqualTo(new DataConfig(
                        "movielens-100k",
                        "data/movielens-100k",
                        true,
                        RawDigest.NONE,
                        "leave_one_out",
                        ValidationRow.LAST,
                        0.1,
                        0.1,
                        true,
                        0.0,
                        Duplicates.AUTO,
                        RepeatedPairs.KEEP,
                        PairWeight.LOG,
                        3,
                        4.0,
                        4,
                        "999",
                        Negatives.UNIFORM,
                        0.75,
                        NegativesFor.POSITIVE,
                        262_144,
                        false));
        assertThat(config.evaluation())
                .isEqualTo(new EvaluationConfig(
                        List.of(5, 10, 20),
                        RankingPositives.LABEL,
                        42,
                        2048,
                        0,
                        History.BEFORE,
                        List.of("popularity", "item_knn", "ease", "transitions", "ease_transitions", "als"),
                        List.of("constant", "logistic_regression")));
    }

    @Test
    void theDefaultsOfTheModelsAreTheSpecifiedOnes() {
        Sections sections = Configurations.defaults().sections();
        assertThat(sections.get(FeatureConfig.class))
                .isEqualTo(new FeatureConfig(FeatureConfig.EmbeddingInit.NORMAL, 1e-4, 1e-5, 16));
        assertThat(sections.get(FmConfig.class)).isEqualTo(new FmConfig(true, true));
        assertThat(sections.get(DnnConfig.class))
                .isEqualTo(new DnnConfig(
                        List.of(256, 128, 64), Activation.RELU, 0.1, true, DnnConfig.Init.XAVIER_UNIFORM));
        assertThat(sections.get(CinConfig.class))
                .isEqualTo(new CinConfig(List.of(128, 128), true, Activation.IDENTITY));
        assertThat(sections.get(AttentionConfig.class)).isEqualTo(new AttentionConfig(4, 64, 1, true));
    }

    @Test
    void theDefaultsOfTrainingAreTheSpecifiedOnes() {
        TrainingConfig training = Configurations.defaults().training();
        assertThat(training.batchSize()).isEqualTo(4096);
        assertThat(training.lr()).isEqualTo(1e-3);
        assertThat(training.optimizer()).isEqualTo("adam");
        assertThat(training.scheduler()).isEqualTo(SchedulerName.REDUCE_ON_PLATEAU);
        assertThat(training.schedulerFactor()).isEqualTo(0.5);
        assertThat(training.schedulerPatience()).isEqualTo(2);
        assertThat(training.earlyStoppingPatience()).isEqualTo(5);
        assertThat(training.metric()).isEqualTo("auc");
        assertThat(training.gradientClipNorm()).isEqualTo(1.0);
    }

    @Test
    void anOverrideWinsOverTheFileAndTheFileOverTheDefault() {
        Path file = file("training { batch_size = 100, epochs = 7 }");
        TrainingConfig training = Configurations.load(
                        file, List.of("training.batch_size=200", "training.lr=0.5", "training.lr=0.25"))
                .training();
        assertThat(training.batchSize()).isEqualTo(200);
        assertThat(training.lr()).as("the last of two overrides").isEqualTo(0.25);
        assertThat(training.epochs()).as("from the file").isEqualTo(7);
        assertThat(training.earlyStoppingPatience()).as("the default").isEqualTo(5);
    }

    @Test
    void aNameThatIsNotAmongTheKnownOnesIsRefusedWithItsLineAndTheNearestOne() {
        Choice model = new Choice(
                "model_name", List.of("deepfm", "xdeepfm"), List.of(DeepFm.Settings.class, XDeepFm.Settings.class));
        List<Choice> known = List.of(
                model,
                Architecture.registry().choice(),
                Loss.registry().choice(),
                Datasets.choice(),
                Baseline.registry().choice(),
                LabelBaseline.registry().choice());
        assertThat(ConfigLoader.load(file("model_name = xdeepfm"), List.of(), known)
                        .modelName())
                .isEqualTo("xdeepfm");
        assertThatThrownBy(() -> ConfigLoader.load(file("seed = 5\nmodel_name = xdepfm"), List.of(), known))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("own.conf:2:", "model_name", "xdepfm", "Did you mean xdeepfm?");
    }

    @Test
    void defaultsThatDependOnASettingFollowIt() {
        ExperimentConfig config = ConfigLoader.load(
                file("model_name = xdeepfm"),
                List.of("data.dataset_name=books"),
                List.of(
                        Architecture.registry().choice(),
                        Loss.registry().choice(),
                        Baseline.registry().choice(),
                        LabelBaseline.registry().choice()));
        assertThat(config.outputDir()).isEqualTo("outputs/xdeepfm");
        assertThat(config.workDir()).isEqualTo("work/books");
        assertThat(config.data().dataDir()).isEqualTo("data/books");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"hdfs://h/p", "hdfs://namenode:8020/a b/c", "s3a://bucket/x=1?y#z", "C:\\runs\\1", "/a//b,c;d"})
    void anOverrideTakesAUriWithoutQuotes(String uri) {
        ExperimentConfig config = load("", "output_dir=" + uri, "data.data_dir=" + uri);
        assertThat(config.outputDir()).isEqualTo(uri);
        assertThat(config.data().dataDir()).isEqualTo(uri);
    }

    @Test
    void anOverrideTakesAListOrASection() {
        ExperimentConfig config =
                load("", "dnn.hidden_units=[32, 16]", "fm={use_first_order = false}", "evaluation.ks = [ 3 ]");
        assertThat(config.sections().get(DnnConfig.class).hiddenUnits()).containsExactly(32, 16);
        assertThat(config.sections().get(FmConfig.class)).isEqualTo(new FmConfig(false, true));
        assertThat(config.evaluation().ks()).containsExactly(3);
    }

    @Test
    void namesOfChoicesMayBeWrittenInAnyCase() {
        assertThat(load("training.scheduler = Cosine").training().scheduler()).isEqualTo(SchedulerName.COSINE);
    }

    @Test
    void anUnknownKeyIsRefusedWithItsLineAndTheNearestKey() {
        assertThatThrownBy(() -> load("model_name = deepfm\n\ntraining {\n  batch_sise = 5\n}"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("own.conf:4:", "training.batch_sise", "training.batch_size");
        assertThatThrownBy(() -> load("sed = 5"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("own.conf:1:", "sed", "Did you mean seed?");
    }

    @Test
    void aKeyInTheWrongSectionIsNamedWithTheSectionItBelongsTo() {
        assertThatThrownBy(() -> load("hidden_units = [5]"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("own.conf:1:", "hidden_units", "Did you mean dnn.hidden_units?");
    }

    @Test
    void anUnknownKeyInAnOverrideIsRefusedWithTheOverride() {
        assertThatThrownBy(() -> load("", "training.batch_sise=5"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("--override training.batch_sise=5", "training.batch_size");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.batch_size = many     | training.batch_size      | an integer",
                "training.batch_size = 1.5      | training.batch_size      | an integer",
                "training.batch_size = [1]      | training.batch_size      | an integer",
                "training.batch_size = 99999999999 | training.batch_size   | an integer",
                "seed = x                       | seed                     | an integer",
                "training.lr = fast             | training.lr              | number",
                "training.lr = NaN              | training.lr              | finite number",
                "data.auto_download = yes       | data.auto_download       | true or false",
                "training.scheduler = plateau   | training.scheduler       | reduce_on_plateau, cosine, none",
                "device = cuda                  | device                   | auto",
                "dnn.hidden_units = 64          | dnn.hidden_units         | list",
                "dnn.hidden_units = [64, x]     | dnn.hidden_units         | an integer",
                "dnn.hidden_units = [[64]]      | dnn.hidden_units         | an integer",
                "training = 5                   | training                 | section",
                "output_dir = { a = b }         | output_dir               | string",
                "output_dir = null              | output_dir               | string",
            })
    void aValueOfTheWrongTypeIsRefusedWithItsLineAndTheTypeExpected(String setting, String key, String expected) {
        assertThatThrownBy(() -> load("# a comment\n" + setting))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("own.conf:2:", key, expected, "found");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.batch_size = -4       | training.batch_size          | -4",
                "training.epochs = 0            | training.epochs              | 0",
                "training.lr = 0                | training.lr                  | 0",
                "training.scheduler_factor = 1  | training.scheduler_factor    | 1",
                "training.gradient_clip_norm = -1 | training.gradient_clip_norm | -1",
                "data.num_neg_eval = 0          | data.num_neg_eval            | 0",
                "data.num_neg_eval = every      | data.num_neg_eval            | 1 or all",
                "data.num_neg_train = -1        | data.num_neg_train           | -1",
                "data.min_interactions = 2      | data.min_interactions        | 2",
                "feature.embedding_l2_reg = -0.5 | feature.embedding_l2_reg    | -0.5",
                "feature.fm_embed_dim = 0       | feature.fm_embed_dim         | 0",
                "dnn.hidden_units = []          | dnn.hidden_units             | empty",
                "dnn.hidden_units = [8, 0]      | dnn.hidden_units             | 0",
                "dnn.dropout = 1                | dnn.dropout                  | 1",
                "dnn.activation = identity      | dnn.activation               | identity",
                "cin.layer_sizes = []           | cin.layer_sizes              | empty",
                "cin.layer_sizes = [7, 8]       | cin.layer_sizes              | split_half",
                "cin.activation = gelu          | cin.activation               | gelu",
                "attention.attention_dim = 62   | attention.attention_dim      | num_heads (4)",
                "evaluation.ks = [0]            | evaluation.ks                | 0",
                "model_name = \"\"              | model_name                   | empty",
            })
    void aSettingThatCannotWorkIsRefusedWithItsLine(String setting, String key, String why) {
        assertThatThrownBy(() -> load("# a comment\n" + setting))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("own.conf:2:", key, why);
    }

    @Test
    void aSettingThatDoesNotFitADefaultIsRefusedWithItsOwnLine() {
        assertThatThrownBy(() -> load("# a comment\nattention.num_heads = 5"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("own.conf:2:", "num_heads", "5", "attention_dim", "64");
    }

    @Test
    void onlyTheLastCinLayerMayBeOddWhereLayersAreSplit() {
        assertThat(load("cin.layer_sizes = [8, 7]")
                        .sections()
                        .get(CinConfig.class)
                        .layerSizes())
                .containsExactly(8, 7);
        assertThat(load("cin { layer_sizes = [7, 7], split_half = false }")
                        .sections()
                        .get(CinConfig.class)
                        .layerSizes())
                .containsExactly(7, 7);
    }

    @Test
    void aMissingFileIsRefusedByName() {
        Path missing = folder.resolve("missing.conf");
        assertThatThrownBy(() -> Configurations.load(missing, List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll(missing.toString(), "--config");
    }

    @Test
    void aSyntaxErrorIsRefusedWithItsLine() {
        assertThatThrownBy(() -> load("seed = 1\ntraining {\n  epochs = [1, 2\n}\n"))
                .isInstanceOf(ConfigException.class)
                .message()
                .containsPattern("own\\.conf: ?[345]\\b");
    }

    @Test
    void aSubstitutionOfNothingIsRefusedWithItsLine() {
        assertThatThrownBy(() -> load("seed = 1\noutput_dir = ${nowhere}"))
                .isInstanceOf(ConfigException.class)
                .message()
                .contains("${nowhere}")
                .containsPattern("own\\.conf: ?2\\b");
    }

    @Test
    void aSubstitutionThatCannotBeResolvedIsRefusedWithoutTheOtherSettings() {
        String features =
                "dataset.features = ${dataset.features} [{ name = a, type = dense, max_length = 1, max_length = ${?LENGTH} }]";
        assertThatThrownBy(() -> load(
                        "work_dir = hidden\n" + "include classpath(\"datasets/movielens-100k.conf\")\n" + features))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("own.conf")
                .hasMessageNotContaining("hidden");
    }

    @ParameterizedTest
    @ValueSource(strings = {"training.batch_size", "=5", "training..epochs=5", "dnn.hidden_units=[1, 2", ""})
    void anOverrideThatIsNoKeyAndValueIsRefused(String override) {
        assertThatThrownBy(() -> load("", override))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("--override " + override);
    }

    @Test
    void whatIsWrittenAsJsonReadsBackEqual() {
        ExperimentConfig config = load(
                "",
                "model_name=xdeepfm",
                "feature.embedding_l2_reg=1.5e-7",
                "dnn.hidden_units=[3]",
                "cin.activation=relu",
                "training.scheduler=none",
                "output_dir=hdfs://h/\"quoted\"",
                "seed=9223372036854775807");
        assertThat(load(ConfigLoader.toJson(config))).isEqualTo(config);
        ModelConfig model = ModelConfig.of(config);
        assertThat(ModelConfig.fromJson(model.toJson(), "model.json")).isEqualTo(model);
    }

    @Test
    void aModelsJsonThatCannotBeUsedIsRefusedByItsPlace() {
        String json = ModelConfig.of(Configurations.defaults("model_name=attention_deepfm"))
                .toJson();
        assertThatThrownBy(() -> ModelConfig.fromJson(json.substring(0, json.length() / 2), "runs/1/model.json"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("runs/1/model.json");
        assertThatThrownBy(() -> ModelConfig.fromJson(json.replace("num_layers", "layers"), "runs/1/model.json"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("runs/1/model.json", "attention.layers", "attention.num_layers");
        assertThatThrownBy(() -> ModelConfig.fromJson("{}", "runs/1/model.json"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("runs/1/model.json", "model_name");
    }

    private ExperimentConfig load(String text, String... overrides) {
        return Configurations.load(file(text), List.of(overrides));
    }

    private Path file(String text) {
        try {
            return Files.writeString(folder.resolve("own.conf"), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
