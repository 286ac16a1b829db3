package io.deepfm.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import io.deepfm.config.ConfigLoader;
import io.deepfm.job.Configurations;
import io.deepfm.schema.FieldGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetDefinitionTest {

    private static final String DATASET =
            """
            data.dataset_name = own
            dataset {
              interactions { path = x.csv, columns = "a INT, b STRING" }
              label = a
              features = [
                { name = b, type = sparse }
                { name = n, type = dense, expression = "a * 2", embedding_dim = 3 }
              ]
            }
            """;

    @TempDir
    private Path folder;

    @Test
    void whatIsLeftOutHasItsDefault() throws IOException {
        DatasetDefinition dataset = load(DATASET);
        FeatureDefinition feature = dataset.features().get(0);
        assertThat(feature.group()).isEqualTo(FieldGroup.CONTEXT);
        assertThat(feature.expressionOrName()).hasToString("b");
        assertThat(feature.embeddingDim()).isEqualTo("auto");
        assertThat(dataset.interactions().delimiterOrDefault()).isEqualTo(",");
        assertThat(dataset.interactions().quoteOrDefault()).isEqualTo("\"");
        assertThat(dataset.hasUsersAndItems()).isFalse();
        assertThat(dataset.labelField()).isEqualTo("label");
        assertThat(dataset.timeZone()).isEqualTo("UTC");
    }

    @Test
    void textsKnowTheirLine() throws IOException {
        DatasetDefinition dataset = load(DATASET);
        assertThat(dataset.label().orElseThrow().place()).endsWith("own.conf:4");
        assertThat(dataset.features().get(1).expressionOrName().place()).endsWith("own.conf:7");
    }

    @Test
    void whatIsWrittenAsJsonReadsBackEqual() throws IOException {
        DatasetDefinition dataset = load(DATASET);
        assertThat(DatasetDefinition.fromJson(ConfigLoader.toJson(dataset), "dataset.json"))
                .isEqualTo(dataset);
    }

    @Test
    void aDatasetThatComesWithTheProgramNeedsItsNameOnly() {
        assertThat(Configurations.defaults()
                        .sections()
                        .get(DatasetDefinition.class)
                        .features())
                .extracting(feature -> feature.name().text())
                .containsExactly("user_id", "gender", "age", "occupation", "zip_prefix", "movie_id", "genres");
    }

    @Test
    void anAutomaticDimensionGrowsWithTheVocabularyUpToABound() {
        FeatureDefinition feature = DatasetDefinition.fromJson(
                        """
                        { interactions { path = x, header = true }, features = [ { name = b, type = sparse } ] }""",
                        "a test")
                .features()
                .get(0);
        assertThat(feature.embeddingDim(3)).isEqualTo(3);
        assertThat(feature.embeddingDim(100)).isEqualTo(21);
        assertThat(feature.embeddingDim(1_000_000)).isEqualTo(32);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    label = a; labl = a; own.conf:4: unknown key dataset.labl. Did you mean
                    label = a; time_zone = Mars/Olympus, label = a; own.conf:4: dataset.time_zone must be a time zone such as UTC, America/New_York
                    type = sparse; type = sparce; own.conf:6: dataset.features[0].type must be one of sparse, dense
                    type = sparse }; type = sparse, buckets = [3, 1] }; own.conf:6: dataset.features[0].buckets must be in ascending order
                    type = sparse }; type = sparse, embedding_dim = 0 }; own.conf:6: dataset.features[0].embedding_dim must be
                    type = sparse }; type = sparse, max_length = 2 }; own.conf:6: dataset.features[0].max_length requires type = sequence
                    type = dense; type = dense, hash_buckets = 9; own.conf:7: dataset.features[1].hash_buckets does not apply to type = dense
                    name = n; name = b; own.conf:7: dataset.features must have different names, found b twice, first at
                    name = n; name = n, group = user; own.conf:7: dataset.features of group user or item require dataset.user and dataset.item
                    label = a; user = a; own.conf:4: dataset.user is given, but item is not
                    columns = "a INT, b STRING"; encoding = UTF-8; dataset.interactions.path requires header = true or columns
                    """)
    void whatDoesNotFitIsRefusedWithItsLine(String before, String after, String message) {
        assertThatThrownBy(() -> load(DATASET.replace(before, after)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    /** Written out by hand, the description is the same to the letter, and so are the fingerprints of what is made by it. */
    @Test
    void aRangeAndTheDefaultsOfATypeAreWrittenOut() throws IOException {
        DatasetDefinition shortly = load(
                """
                data.dataset_name = own
                dataset {
                  interactions { path = x.csv, columns = "a INT, b STRING" }
                  feature_defaults {
                    sparse { embedding_dim = 16, min_frequency = 5 }
                    dense { scaling = log1p }
                  }
                  features = [
                    { names = "c[08-10]", type = sparse, min_frequency = 2 }
                    { names = [ a, "n[1-2]" ], type = dense, embedding_dim = 3 }
                    { name = b, type = Sparse, hash_buckets = 9, min_frequency = 1 }
                    { name = s, type = sequence, expression = "split(b, ' ')" }
                  ]
                }
                """);
        DatasetDefinition atLength = load(
                """
                data.dataset_name = own
                dataset {
                  interactions { path = x.csv, columns = "a INT, b STRING" }
                  features = [
                    { name = c08, type = sparse, min_frequency = 2, embedding_dim = 16 }
                    { name = c09, type = sparse, min_frequency = 2, embedding_dim = 16 }
                    { name = c10, type = sparse, min_frequency = 2, embedding_dim = 16 }
                    { name = a, type = dense, scaling = log1p, embedding_dim = 3 }
                    { name = n1, type = dense, scaling = log1p, embedding_dim = 3 }
                    { name = n2, type = dense, scaling = log1p, embedding_dim = 3 }
                    { name = b, type = sparse, hash_buckets = 9, embedding_dim = 16 }
                    { name = s, type = sequence, expression = "split(b, ' ')" }
                  ]
                }
                """);

        assertThat(shortly).isEqualTo(atLength).hasToString(atLength.toString());
        assertThat(ConfigLoader.toJson(shortly)).isEqualTo(ConfigLoader.toJson(atLength));
        assertThat(shortly.features().get(5).expressionOrName().place()).endsWith("own.conf:10");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    c[1-3]; c[3-1]; own.conf:8: dataset.features[0].names must have the smaller number first, found c[3-1].
                    c[1-3]; c[x]; own.conf:8: dataset.features[0].names may hold one range in brackets, such as c[1-26], found c[x].
                    c[1-3]; 1[1-3]; own.conf:8: dataset.features[0].name must start with a letter or _
                    "c[1-3]"; 3; own.conf:8: dataset.features[0].names must be a name such as c[1-26], or a list of names, found 3.
                    "c[1-3]"; [a, [b]]; own.conf:8: dataset.features[0].names must be a name such as
                    { names; { name = x, names; own.conf:8: dataset.features[0].names is given beside name
                    name = n; name = c2; own.conf:9: dataset.features must have different names, found c2 twice, first at
                    "c[1-3]"; [b, c, b]; own.conf:8: dataset.features must have different names, found b twice, first at
                    { name = n; { nam = n; own.conf:9: unknown key dataset.features[3].nam. Did you mean dataset.features[3].name?
                    sparse {; spars {; own.conf:5: unknown key dataset.feature_defaults.spars. Did you mean dataset.feature_defaults.sparse?
                    min_frequency = 5; min_frequencies = 5; own.conf:5: unknown key dataset.feature_defaults.sparse.min_frequencies. Did you mean
                    min_frequency = 5; name = x; own.conf:5: unknown key dataset.feature_defaults.sparse.name. Did you mean
                    sparse { min_frequency = 5 }; sparse = 5; own.conf:5: dataset.feature_defaults.sparse must be a section { ... }, found 5.
                    min_frequency = 5; min_frequency = few; own.conf:5): dataset.features[0].min_frequency must be an integer
                    type = sparse }; type = sparse, hash_buckets = 9 }; own.conf:5): dataset.features[0].min_frequency has no effect with hash_buckets
                    """)
    void whatCannotBeWrittenOutIsRefusedWithItsLine(String before, String after, String message) {
        String text =
                """
                data.dataset_name = own
                dataset {
                  interactions { path = x.csv, columns = "a INT, b STRING" }
                  feature_defaults {
                    sparse { min_frequency = 5 }
                  }
                  features = [
                    { names = "c[1-3]", type = sparse }
                    { name = n, type = dense, expression = "a * 2", embedding_dim = 3 }
                  ]
                }
                """;
        assertThat(text).contains(before);
        assertThatThrownBy(() -> load(text.replace(before, after)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    /** Both lines matter: where the feature stands, and where what it was given. */
    @Test
    void anErrorOfADefaultNamesTheFeatureFirst() {
        String text = DATASET.replace("label = a", "label = a, feature_defaults.dense.embedding_dim = wide")
                .replace(", embedding_dim = 3", "");
        assertThatThrownBy(() -> load(text))
                .hasMessageMatching(
                        ".*own.conf:7 \\(default at .*own.conf:4\\): dataset.features\\[1].embedding_dim must"
                                + " be an integer or auto, found wide.");
    }

    @Test
    void theClickLogsFeaturesAreThoseOfItsColumns() {
        List<FeatureDefinition> features = Configurations.load(Path.of("conf/deepfm_clicks.conf"), List.of())
                .sections()
                .get(DatasetDefinition.class)
                .features();
        assertThat(features).hasSize(39);
        assertThat(features.get(12))
                .hasToString(features.get(0).toString().replace("name=i1,", "name=i13,"))
                .extracting(FeatureDefinition::scalingOrDefault, FeatureDefinition::embeddingDim)
                .containsExactly(FeatureDefinition.Scaling.LOG1P, "8");
        assertThat(features.get(37)).hasToString(features.get(13).toString().replace("name=c1,", "name=c25,"));
        assertThat(features.get(38).hashBuckets()).isEqualTo(1000);
    }

    private DatasetDefinition load(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("own.conf"), text);
        return Configurations.load(file, List.of()).sections().get(DatasetDefinition.class);
    }
}
