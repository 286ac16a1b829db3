package io.deepfm.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import io.deepfm.Mutations;
import io.deepfm.job.Configurations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged configuration files: a clear error, or the settings that the file holds. */
@Tag("proof")
class HostileConfigTest {

    private static Path folder;
    private static List<byte[]> valid;

    @BeforeContainer
    static void read() throws IOException {
        folder = Files.createTempDirectory("deepfm-hostile");
        valid = List.of(
                Files.readAllBytes(Path.of("conf/deepfm_clicks.conf")),
                Files.readAllBytes(Path.of("conf/deepfm_sample.conf")),
                Files.readAllBytes(Path.of("src/main/resources/reference.conf")));
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.deleteIfExists(folder.resolve("mutated.conf"));
        Files.deleteIfExists(folder.resolve("stored.conf"));
        Files.delete(folder);
    }

    @Property(tries = 2000)
    void aDamagedFileIsRefusedOrMeansWhatItSays(@ForAll long seed) {
        Random random = new Random(seed);
        Path file = write("mutated.conf", Mutations.of(valid.get(random.nextInt(valid.size())), random));
        ExperimentConfig config;
        try {
            config = assertTimeoutPreemptively(Duration.ofMinutes(1), () -> Configurations.load(file, List.of()));
        } catch (ConfigException e) {
            assertThat(e.getMessage()).isNotBlank();
            return;
        }
        String json = ConfigLoader.toJson(config);
        assertThat(Configurations.load(write("stored.conf", json.getBytes()), List.of()))
                .as("what is stored of the settings")
                .isEqualTo(config);
        requireSame(ConfigFactory.parseFile(file.toFile()), ConfigFactory.parseString(json));
    }

    /** Each single value of the file is the setting's. */
    private static void requireSame(Config given, Config taken) {
        Config all = given.withFallback(ConfigFactory.parseResources("reference.conf"))
                .resolve(ConfigResolveOptions.noSystem());
        for (Map.Entry<String, ConfigValue> setting : all.entrySet()) {
            Object value = setting.getValue().unwrapped();
            // What features have in common is written into each of them.
            boolean isKept = !setting.getKey().contains(".options.")
                    && !setting.getKey().startsWith("dataset.feature_defaults.");
            if (!(value instanceof List) && isKept) {
                assertThat(taken.hasPath(setting.getKey())).as(setting.getKey()).isTrue();
                assertThat(isSame(value, taken.getValue(setting.getKey()).unwrapped()))
                        .as(setting.getKey() + ": " + value)
                        .isTrue();
            }
        }
    }

    private static boolean isSame(Object given, Object taken) {
        try {
            double number = Double.parseDouble(given.toString());
            return number == Double.parseDouble(taken.toString()) || Double.isNaN(number) && given.equals(taken);
        } catch (NumberFormatException e) {
            return given.toString().equalsIgnoreCase(taken.toString());
        }
    }

    private static Path write(String name, byte[] bytes) {
        try {
            return Files.write(folder.resolve(name), bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
