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
                    type = sparse; type = sparce; own.conf:6: dataset.features[0].type must be one of sparse, dense
                    type = sparse }; type = sparse, buckets = [3, 1] }; own.conf:6: dataset.features[0].buckets must be in ascending order
                    type = sparse }; type = sparse, embedding_dim = 0 }; own.conf:6: dataset.features[0].embedding_dim must be
                    type = sparse }; type = sparse, max_length = 2 }; own.conf:6: dataset.features[0].max_length requires type = sequence
                    type = dense; type = dense, hash_buckets = 9; own.conf:7: dataset.features[1].hash_buckets does not apply to type = dense
                    name = n; name = b; dataset.features must have different names, found b twice
                    name = n; name = n, group = user; dataset.features of group user or item require dataset.user and dataset.item
                    label = a; user = a; own.conf:4: dataset.user is given, but item is not
                    columns = "a INT, b STRING"; encoding = UTF-8; dataset.interactions.path requires header = true or columns
                    """)
    void whatDoesNotFitIsRefusedWithItsLine(String before, String after, String message) {
        assertThatThrownBy(() -> load(DATASET.replace(before, after)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(message);
    }

    private DatasetDefinition load(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("own.conf"), text);
        return Configurations.load(file, List.of()).sections().get(DatasetDefinition.class);
    }
}
