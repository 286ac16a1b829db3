package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search on the sample. */
@Tag("proof")
class TuneIT {

    @TempDir
    private Path folder;

    private Path space;

    @BeforeEach
    void writeSpace() throws IOException {
        space = Files.writeString(
                folder.resolve("space.conf"), """
                training.lr = [1e-5, 3e-3, -1]
                """);
    }

    @Test
    void theBetterHalfTrainsOnAndTheBestIsMeasuredOnTest() throws IOException {
        assertThat(tune()).isZero();
        List<String> lines = Files.readAllLines(folder.resolve("search/trials.csv"));
        assertThat(lines.get(0)).isEqualTo("trial,seed,epochs,val_auc,seconds,failure,training.lr");
        assertThat(cells(lines, "1.0E-5", 2))
                .as("epochs of one that learns too slowly")
                .isEqualTo("1");
        assertThat(cells(lines, "0.003", 2)).isEqualTo("2");
        assertThat(cells(lines, "-1", 3)).as("a failed trial's value").isEmpty();
        assertThat(lines.stream().filter(line -> line.contains("-seed-43")))
                .as("the finalist's second seed")
                .hasSize(1);

        assertThat(folder.resolve("search/tune.html")).content().contains("training.lr", "Parallel coordinates");
        Path chosen = folder.resolve("search/trials").resolve(name(lines, "0.003"));
        assertThat(chosen.resolve("results.json")).exists();
        try (Stream<Path> files = Files.walk(folder.resolve("search"))) {
            assertThat(files.filter(file -> file.endsWith("results.json")))
                    .containsExactly(chosen.resolve("results.json"));
        }
        FileTime trained = Files.getLastModifiedTime(chosen.resolve("metrics.csv"));
        assertThat(tune()).as("the same search again").isZero();
        assertThat(Files.getLastModifiedTime(chosen.resolve("metrics.csv")))
                .as("when it was trained")
                .isEqualTo(trained);

        String best = Files.readString(folder.resolve("search/best.conf"));
        assertThat(best).contains("training.lr = 0.003");
        assertThat(Main.run(
                        "train", "--config", folder.resolve("search/best.conf").toString(), "--master", "local[2]"))
                .isZero();
        assertThat(Files.readAllLines(folder.resolve("search/best/metrics.csv"))
                        .get(1)
                        .split(",")[2])
                .as("the loss of its first epoch")
                .isEqualTo(
                        Files.readAllLines(chosen.resolve("metrics.csv")).get(1).split(",")[2]);
    }

    @Test
    void settingsThatChangeWhatIsMeasuredAreRefused() throws IOException {
        Files.writeString(space, "evaluation.ks = [[5], [10]]");
        assertThat(tune()).isEqualTo(Main.EXIT_CONFIG);
        Files.writeString(space, "data.label_threshold = [3, 4]");
        assertThat(tune()).isEqualTo(Main.EXIT_CONFIG);
        Files.writeString(space, "training.epochs = [1, 2]");
        assertThat(tune()).isEqualTo(Main.EXIT_CONFIG);
    }

    private int tune() {
        return Main.run(
                "tune",
                "--config",
                "conf/deepfm_sample.conf",
                "--space",
                space.toString(),
                "--trials",
                "3",
                "--finalists",
                "1",
                "--seeds",
                "2",
                "--master",
                "local[2]",
                "--override",
                "work_dir=" + folder.resolve("work"),
                "output_dir=" + folder.resolve("search"),
                "training.epochs=2",
                "training.num_threads=1",
                "evaluation.baselines=[]");
    }

    private static String cells(List<String> lines, String rate, int column) {
        return line(lines, rate)[column];
    }

    private static String name(List<String> lines, String rate) {
        return line(lines, rate)[0];
    }

    private static String[] line(List<String> lines, String rate) {
        return lines.stream()
                .filter(line -> line.endsWith("," + rate) && !line.contains("-seed-"))
                .findFirst()
                .orElseThrow()
                .split(",");
    }
}
