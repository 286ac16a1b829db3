package io.deepfm.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.Configurations;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The keys of a dataset in {@code reference.conf}: all of them, in comments that are a configuration of their own. */
class DatasetReferenceTest {

    @TempDir
    private Path folder;

    @Test
    void everyKeyStandsThere() throws IOException {
        String section = section();
        for (Class<? extends Record> part : List.of(
                DatasetDefinition.class,
                TableSource.class,
                CandidatesDefinition.class,
                FeatureDefinition.class,
                HistoryDefinition.class)) {
            assertThat(Arrays.stream(part.getRecordComponents()).map(component -> component
                            .getName()
                            .replaceAll("([A-Z])", "_$1")
                            .toLowerCase(java.util.Locale.ROOT)))
                    .allSatisfy(key -> assertThat(section).containsPattern("\\b" + key + "( =| \\{)"));
        }
        assertThat(section).contains("feature_defaults {", "names = ");
    }

    @Test
    void theCommentsAreADatasetThatCanBeRead() throws IOException {
        Path file = Files.writeString(folder.resolve("my.conf"), "data.dataset_name = my\n" + section());
        ExperimentConfig config = Configurations.load(file, List.of());
        DatasetDefinition dataset = Datasets.of(config);
        assertThat(dataset.features().stream().map(feature -> feature.name().text()))
                .containsExactly("tags", "age", "price", "sku", "recent");
        assertThat(dataset.test().orElseThrow().header()).isTrue();
        assertThat(dataset.interactions().quoteOrDefault()).isEqualTo("\"");
    }

    @Test
    void noDatasetIsThereByDefault() {
        ExperimentConfig config = Configurations.defaults();
        assertThat(Datasets.of(config).interactions().path().text()).endsWith("u.data");
        assertThat(Configurations.defaults("data.dataset_name=frappe-x1")
                        .sections()
                        .find(DatasetDefinition.class)
                        .orElseThrow()
                        .user())
                .isEmpty();
    }

    private static String section() throws IOException {
        try (InputStream in = DatasetReferenceTest.class.getResourceAsStream("/reference.conf")) {
            Stream<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
            return lines.dropWhile(line -> !line.startsWith("# dataset {"))
                    .map(line -> line.replaceFirst("^# ?", ""))
                    .collect(Collectors.joining("\n"));
        }
    }
}
