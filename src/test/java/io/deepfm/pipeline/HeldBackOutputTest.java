package io.deepfm.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results of two stages, {@code train} and {@code evaluate}, that take the places of earlier ones together. */
class HeldBackOutputTest {

    @TempDir
    private Path folder;

    private final Storage storage = new Storage(new Configuration());

    @BeforeEach
    void yesterday() {
        run("train", "yesterday");
        run("evaluate", "yesterday");
        assertThat(folder.resolve(".next")).doesNotExist();
        assertThat(results()).isEqualTo("yesterday yesterday");
    }

    @Test
    void earlierResultsStayUntilAllNewOnesAreThere() throws Exception {
        run("train", "today");
        assertThat(results()).isEqualTo("yesterday yesterday");
        assertThat(Files.readString(folder.resolve("manifests/train.json")))
                .contains(fingerprint("train", "yesterday"));
        run("evaluate", "today");
        assertThat(results()).isEqualTo("yesterday yesterday");
        assertThat(storage.readString(directory().path("train.txt"))).isEqualTo("today");

        directory().publish();
        assertThat(results()).isEqualTo("today today");
        assertThat(folder.resolve(".next")).doesNotExist();
        assertThat(run("train", "today").reused()).isTrue();
        assertThat(run("evaluate", "today").reused()).isTrue();
    }

    @Test
    void aRunThatWasStoppedGoesOn() {
        run("train", "today");
        assertThat(run("train", "today").reused()).isTrue();
    }

    @Test
    void whatWaitsOfOtherSettingsGivesWayToWhatIsThere() {
        run("train", "today");
        assertThat(run("train", "yesterday").reused()).isTrue();
        assertThat(storage.readString(directory().path("train.txt"))).isEqualTo("yesterday");
        directory().publish();
        assertThat(results()).isEqualTo("yesterday yesterday");
    }

    @Test
    void outputThatWaitsWithoutItsManifestCountsForNothing() throws Exception {
        run("train", "tomorrow!");
        Files.delete(folder.resolve(".next/manifests/train.json"));
        assertThat(run("train", "yesterday").reused()).isTrue();
        assertThat(storage.readString(directory().path("train.txt"))).isEqualTo("yesterday");
    }

    @Test
    void theNextCommandEndsWhatAKilledOneBeganToPublish() throws Exception {
        run("train", "today");
        run("evaluate", "today");
        // Killed after the first of the moves.
        Files.createFile(folder.resolve(".next/.complete"));
        Files.delete(folder.resolve("manifests/train.json"));
        Files.delete(folder.resolve("manifests/evaluate.json"));
        Files.delete(folder.resolve("evaluate.txt"));
        Files.move(folder.resolve(".next/evaluate.txt"), folder.resolve("evaluate.txt"));

        new Publication(storage, hadoop()).end();
        assertThat(results()).isEqualTo("today today");
        assertThat(run("train", "today").reused()).isTrue();
        assertThat(run("evaluate", "today").reused()).isTrue();
        assertThat(folder.resolve(".next")).doesNotExist();
    }

    @Test
    void aSingleCommandDoesNotMixEarlierResultsWithWhatWaits() {
        run("train", "today");
        WorkDirectory single = new WorkDirectory(storage, hadoop());
        assertThatThrownBy(() -> single.run(new TextStage("evaluate", "today"), false))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("/.next contains", "pipeline", "delete that folder");
        single.publish();
        new Publication(storage, hadoop()).end();
        assertThat(results()).isEqualTo("yesterday yesterday");
    }

    private WorkDirectory directory() {
        return new WorkDirectory(storage, hadoop()).holdingBack("evaluate");
    }

    private org.apache.hadoop.fs.Path hadoop() {
        return new org.apache.hadoop.fs.Path(folder.toString());
    }

    private String results() {
        return storage.readString(new org.apache.hadoop.fs.Path(hadoop(), "train.txt")) + " "
                + storage.readString(new org.apache.hadoop.fs.Path(hadoop(), "evaluate.txt"));
    }

    private WorkDirectory.Outcome run(String stage, String content) {
        return directory().run(new TextStage(stage, content), false);
    }

    private static String fingerprint(String stage, String content) {
        return new TextStage(stage, content).fingerprint();
    }

    private record TextStage(String name, String content) implements Stage {

        @Override
        public List<String> outputs() {
            return List.of(name + ".txt");
        }

        @Override
        public Map<String, String> inputs() {
            return Map.of();
        }

        @Override
        public Fingerprint settings() {
            return new Fingerprint().add("content", content);
        }

        @Override
        public Map<String, Long> run(org.apache.hadoop.fs.Path target) {
            new Storage(new Configuration()).write(new org.apache.hadoop.fs.Path(target, name + ".txt"), content);
            return Map.of();
        }
    }
}
