package io.deepfm.config.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SearchSpaceTest {

    @TempDir
    private Path folder;

    @Test
    void valuesAreThoseOfTheCommandLine() throws IOException {
        SearchSpace space = read(
                """
                training { batch_size = [1024, 4096] }
                dnn.hidden_units = [[64], [128, 64]]
                model_name = [deepfm, xdeepfm]
                """);
        assertThat(space.settings().stream().map(SearchSpace.Setting::key))
                .containsExactly("dnn.hidden_units", "model_name", "training.batch_size");
        assertThat(space.settings().stream().map(SearchSpace.Setting::values))
                .containsExactly(
                        new Values.Listed(List.of("[64]", "[128,64]")),
                        new Values.Listed(List.of("deepfm", "xdeepfm")),
                        new Values.Listed(List.of("1024", "4096")));
    }

    @Test
    void aGridHasAllCombinationsThatDifferInSettingsThatCount() throws IOException {
        SearchSpace space = read(
                """
                model_name = [deepfm, xdeepfm]
                cin.layer_sizes { values = [[8], [16]], when { model_name = xdeepfm } }
                """);
        assertThat(space.grid())
                .containsExactly(
                        sorted(Map.of("model_name", "deepfm")),
                        sorted(Map.of("model_name", "xdeepfm", "cin.layer_sizes", "[8]")),
                        sorted(Map.of("model_name", "xdeepfm", "cin.layer_sizes", "[16]")));
    }

    @Test
    void aConditionOnASettingThatDoesNotCountDoesNotHold() throws IOException {
        SearchSpace space = read(
                """
                a.one = [1, 2]
                a.two { values = [x], when { a.one = 1 } }
                a.three { values = [y], when { a.two = [x, z] } }
                """);
        assertThat(space.grid())
                .containsExactlyInAnyOrder(
                        sorted(Map.of("a.one", "1", "a.two", "x", "a.three", "y")), sorted(Map.of("a.one", "2")));
    }

    @Test
    void rangesHoldWhatIsDrawn() throws IOException {
        SearchSpace space = read(
                """
                training.lr { log_range = [1e-4, 1e-2] }
                dnn.dropout { range = [0, 0.5] }
                feature.fm_embed_dim { range = [8, 10] }
                """);
        SplittableRandom random = new SplittableRandom(1);
        List<SortedMap<String, String>> drawn =
                Stream.generate(() -> space.draw(random)).limit(3000).toList();
        List<Double> rates = drawn.stream()
                .map(point -> Double.valueOf(point.get("training.lr")))
                .toList();
        assertThat(rates).allMatch(rate -> rate >= 1e-4 && rate <= 1e-2);
        // Half of a logarithmic range lies below its geometric middle.
        assertThat(rates.stream().filter(rate -> rate < 1e-3).count()).isBetween(1400L, 1600L);
        assertThat(drawn).allMatch(point -> Double.parseDouble(point.get("dnn.dropout")) <= 0.5);
        assertThat(drawn.stream()
                        .map(point -> point.get("feature.fm_embed_dim"))
                        .distinct())
                .containsExactlyInAnyOrder("8", "9", "10");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    training.lr = 1e-3                                  | space.conf:1: training.lr must be a list of values
                    training.lr = []                                    | training.lr has no values
                    training.lr { range = [2, 1] }                      | two numbers, the lower one first
                    training.lr { log_range = [0, 1] }                  | no logarithm at 0
                    training.lr { range = [0, 1], values = [1] }        | one of values, range, log_range
                    training.lr { range = [0, 1], step = 1 }            | and nothing else
                    a { values = [1], when { b = 1 } }                  | another setting of the space
                    training.lr = [                                     | Cannot read the space
                    # nothing                                           | no setting to vary
                    """)
    void errorsSayWhatIsWrongAndWhere(String text, String message) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(ConfigException.class).hasMessageContaining(message);
    }

    @Test
    void aGridHasNoRanges() throws IOException {
        SearchSpace space = read("training.lr { range = [1, 2] }");
        assertThatThrownBy(space::grid).hasMessageContaining("training.lr is one: list its values");
    }

    private SearchSpace read(String text) throws IOException {
        return SearchSpace.read(Files.writeString(folder.resolve("space.conf"), text));
    }

    private static SortedMap<String, String> sorted(Map<String, String> settings) {
        return new TreeMap<>(settings);
    }
}
