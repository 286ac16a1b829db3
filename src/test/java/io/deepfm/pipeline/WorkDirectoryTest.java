package io.deepfm.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.pipeline.lock.Holder;
import io.deepfm.pipeline.lock.Lock;
import io.deepfm.pipeline.lock.LockedException;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkDirectoryTest {

    @TempDir
    private Path parent;

    private Path folder;

    private final Storage storage = new Storage(new Configuration());
    private final FakeStage stage = new FakeStage();
    private final List<String> waits = new CopyOnWriteArrayList<>();
    private WorkDirectory work;

    @BeforeEach
    void work() {
        folder = parent.resolve("work");
        storage.makeWritable(new org.apache.hadoop.fs.Path(folder.toString()));
        work = directory("train");
    }

    @Test
    void aStagesOutputAppearsWithItsManifest() {
        WorkDirectory.Outcome outcome = work.run(stage, false);
        assertThat(outcome.reused()).isFalse();
        assertThat(folder.resolve("split/train/part")).hasContent("version 1");
        assertThat(folder.resolve("schema.json")).hasContent("version 1");
        Manifest manifest = work.require("split", "split");
        assertThat(manifest).isEqualTo(outcome.manifest());
        assertThat(manifest.stage()).isEqualTo("split");
        assertThat(manifest.inputs()).containsExactlyEntriesOf(Map.of("ingest", "beef"));
        assertThat(manifest.rows("train")).isEqualTo(1);
        assertThat(manifest.fingerprint())
                .isEqualTo(new Fingerprint()
                        .add("min_interactions", 3)
                        .add("program", Program.digest())
                        .add("ingest", "beef")
                        .hex());
    }

    @Test
    void outputIsInvisibleUntilTheStageIsDone() {
        stage.duringRun = () -> {
            assertThat(folder.resolve("split")).doesNotExist();
            assertThat(folder.resolve("schema.json")).doesNotExist();
            assertThat(work.manifest("split")).isEmpty();
        };
        work.run(stage, false);
        assertThat(stage.runs).isEqualTo(1);
    }

    @Test
    void theOlderOutputStaysInItsPlaceWhileAStageRunsAgain() {
        work.run(stage, false);
        stage.minInteractions = 4;
        stage.duringRun = () -> assertThat(folder.resolve("split/train/part")).hasContent("version 1");
        work.run(stage, false);
        assertThat(folder.resolve("split/train/part")).hasContent("version 2");
    }

    @Test
    void nothingOfTheOlderOutputIsLeftInTheNewOne() throws Exception {
        work.run(stage, false);
        Files.writeString(folder.resolve("split/train/part-of-an-older-run"), "");
        work.run(stage, true);
        assertThat(folder.resolve("split/train/part-of-an-older-run")).doesNotExist();
    }

    @Test
    void aStageThatFailsKeepsTheOlderOutputAndItsManifestAndLeavesNoTemporaryFolder() {
        Manifest older = work.run(stage, false).manifest();
        stage.minInteractions = 4;
        stage.duringRun = () -> {
            throw new DataException("u.data:7: no number");
        };
        assertThatThrownBy(() -> work.run(stage, false)).hasMessage("u.data:7: no number");
        assertThat(folder.resolve("split/train/part")).hasContent("version 1");
        assertThat(folder.resolve("schema.json")).hasContent("version 1");
        assertThat(work.manifest("split")).contains(older);
        assertThat(entries()).containsExactly("manifests", "schema.json", "split");
    }

    @Test
    void aStageThatFailsAtFirstLeavesNothing() {
        stage.duringRun = () -> {
            throw new IllegalStateException();
        };
        assertThatThrownBy(() -> work.run(stage, false)).isInstanceOf(IllegalStateException.class);
        assertThat(entries()).isEmpty();
    }

    @Test
    void anUnchangedStageIsReused() {
        Manifest first = work.run(stage, false).manifest();
        WorkDirectory.Outcome second = work.run(stage, false);
        assertThat(second.reused()).isTrue();
        assertThat(second.manifest()).isEqualTo(first);
        assertThat(stage.runs).isEqualTo(1);
    }

    @Test
    void outputWithAMissingADamagedOrAForeignFileIsRefusedAndComputedAnew() throws Exception {
        Path part = folder.resolve("split/train/part");
        work.run(stage, false);
        Files.writeString(part, "cut");
        damaged("split/train/part has 3 bytes instead of 9");
        Files.writeString(part, "version 7");
        Files.setLastModifiedTime(part, FileTime.fromMillis(7));
        damaged("split/train/part has changed since it was written");
        Files.delete(part);
        damaged("split/train/part is missing");
        Files.writeString(part.resolveSibling("part-of-another"), "version 1");
        damaged("split/train/part-of-another is not one of its files");
        Files.delete(folder.resolve("schema.json"));
        damaged("schema.json is missing");
    }

    @Test
    void aLaterProcessSeesDamageThatChangesNeitherLengthNorTime() throws Exception {
        work.run(stage, false);
        work.close();
        Path part = folder.resolve("split/train/part");
        FileTime written = Files.getLastModifiedTime(part);
        Files.writeString(part, "version 7");
        Files.setLastModifiedTime(part, written);
        WorkDirectory later = directory("score");
        assertThatThrownBy(() -> later.require("split", "split"))
                .hasMessageContaining("has changed since it was written");
        assertThat(later.run(stage, false).reused()).isFalse();
    }

    private void damaged(String message) {
        assertThatThrownBy(() -> work.require("split", "split"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(message, "scripts/deepfm split --config ... --force");
        assertThat(work.run(stage, false).reused()).isFalse();
        assertThat(work.require("split", "split").files()).containsOnlyKeys("schema.json", "split/train/part");
    }

    @Test
    void forceRunsAnUnchangedStage() {
        work.run(stage, false);
        assertThat(work.run(stage, true).reused()).isFalse();
        assertThat(folder.resolve("split/train/part")).hasContent("version 2");
    }

    @Test
    void aChangedSettingOrInputRunsTheStageAgain() {
        work.run(stage, false);
        stage.minInteractions = 4;
        assertThat(work.run(stage, false).reused()).isFalse();
        stage.inputs = Map.of("ingest", "f00d");
        WorkDirectory.Outcome outcome = work.run(stage, false);
        assertThat(outcome.reused()).isFalse();
        assertThat(outcome.manifest().inputs()).containsEntry("ingest", "f00d");
        assertThat(stage.runs).isEqualTo(3);
    }

    @Test
    void theOrderInWhichAStageNamesItsInputsDoesNotCount() {
        stage.inputs = new LinkedHashMap<>();
        stage.inputs.put("score", "beef");
        stage.inputs.put("candidates", "f00d");
        work.run(stage, false);
        stage.inputs = new LinkedHashMap<>();
        stage.inputs.put("candidates", "f00d");
        stage.inputs.put("score", "beef");
        assertThat(work.run(stage, false).reused()).isTrue();
    }

    @Test
    void outputThatSomebodyDeletedIsComputedAgain() {
        work.run(stage, false);
        storage.delete(work.path("split"));
        assertThat(work.run(stage, false).reused()).isFalse();
        assertThat(folder.resolve("split/train/part")).exists();
    }

    @Test
    void outputWithoutAManifestIsComputedAgain() {
        work.run(stage, false);
        storage.delete(work.path("manifests/split.json"));
        assertThat(work.run(stage, false).reused()).isFalse();
        assertThat(folder.resolve("split/train/part")).hasContent("version 2");
    }

    @Test
    void aManifestThatCannotBeReadIsNamedAndForceReplacesIt() {
        work.run(stage, false);
        storage.write(work.path("manifests/split.json"), "{ \"stage\" : ");
        assertThatThrownBy(() -> work.run(stage, false))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(folder.resolve("manifests/split.json").toString(), "--force");
        assertThat(work.run(stage, true).reused()).isFalse();
        assertThat(work.manifest("split")).isPresent();
    }

    @Test
    void whatMustHaveFinishedIsNamedWithTheCommandThatRunsIt() {
        assertThatThrownBy(() -> work.require("candidates", "sample"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("candidates", folder.toString(), "deepfm sample");
    }

    @Test
    void discardingForgetsAndDeletesAStagesOutput() {
        work.run(stage, false);
        work.discard(stage);
        assertThat(work.manifest("split")).isEmpty();
        assertThat(entries()).containsExactly("manifests");
        work.discard(stage);
        assertThat(work.run(stage, false).reused()).isFalse();
    }

    @Test
    void ofTwoThatWantTheSameOutputOneComputesItAndTheOtherWaitsAndReusesIt() throws Exception {
        CountDownLatch computing = new CountDownLatch(1);
        CountDownLatch otherWaits = new CountDownLatch(1);
        stage.duringRun = () -> {
            computing.countDown();
            try {
                otherWaits.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        CompletableFuture<WorkDirectory.Outcome> first = CompletableFuture.supplyAsync(() -> work.run(stage, false));
        computing.await();
        WorkDirectory other =
                new WorkDirectory(storage, new org.apache.hadoop.fs.Path(folder.toString()), "pipeline", why -> {
                    waits.add(why);
                    otherWaits.countDown();
                });
        WorkDirectory.Outcome second = other.run(stage, false);
        assertThat(first.get().reused()).isFalse();
        assertThat(second.reused()).isTrue();
        assertThat(stage.runs).isEqualTo(1);
        assertThat(waits)
                .singleElement()
                .asString()
                .contains("waiting for process " + ProcessHandle.current().pid());
    }

    @Test
    void whatALivingProcessHasUsedIsNotReplaced() {
        work.run(stage, false);
        WorkDirectory other = directory("pipeline");
        assertThat(other.run(stage, false).reused()).isTrue();
        stage.minInteractions = 4;
        assertThatThrownBy(() -> other.run(stage, false))
                .isInstanceOf(LockedException.class)
                .hasMessageContainingAll(
                        "split", "process " + ProcessHandle.current().pid(), "(deepfm train)", "--override work_dir");
        assertThat(folder.resolve("split/train/part")).hasContent("version 1");
        work.close();
        assertThat(other.run(stage, false).reused()).isFalse();
        assertThat(folder.resolve("split/train/part")).hasContent("version 2");
    }

    @Test
    void whatAnotherProcessBeginsToReadWhileItIsComputedAnewIsNotReplaced() {
        work.run(stage, false);
        work.close();
        WorkDirectory reader = directory("train");
        stage.minInteractions = 4;
        stage.duringRun = () -> reader.require("split", "split");
        assertThatThrownBy(() -> directory("encode").run(stage, false)).isInstanceOf(LockedException.class);
        assertThat(folder.resolve("split/train/part")).hasContent("version 1");
        assertThat(reader.require("split", "split").rows("train")).isEqualTo(1);
        assertThat(entries()).containsExactly("manifests", "schema.json", "split");
    }

    @Test
    void whatADeadProcessHasUsedIsReplaced() {
        work.run(stage, false);
        work.close();
        killedUser(work.path(".in-use/of-a-dead-process"));
        stage.minInteractions = 4;
        assertThat(work.run(stage, false).reused()).isFalse();
        assertThat(folder.resolve(".in-use/of-a-dead-process")).doesNotExist();
    }

    @Test
    void whatAKilledProcessLeftIsCleanedWhenAStageRuns() {
        storage.write(work.path(".tmp-split-1234/split/train/part"), "half");
        work.run(stage, false);
        assertThat(entries()).containsExactly("manifests", "schema.json", "split");
    }

    @Test
    void whatAKilledProcessLeftIsCleanedAlsoWhereTheOutputIsKept() {
        work.run(stage, false);
        storage.write(work.path(".tmp-split-1234/split/train/part"), "half");
        assertThat(work.run(stage, false).reused()).isTrue();
        assertThat(folder.resolve(".tmp-split-1234")).doesNotExist();
    }

    @Test
    void theNotesOfADeadProcessAreForgottenAndThoseOfALivingOneKept() {
        String dead = killedUser(work.path(".in-use/dead"));
        storage.write(work.path(".in-use/.tmp-dead-1234"), dead.substring(0, 20));
        WorkDirectory living = directory("pipeline");
        living.run(stage, false);
        String name = storage.list(work.path(".in-use")).get(0).getPath().getName();
        storage.write(work.path(".in-use/.tmp-" + name + "-1234"), "half a no");
        work.run(stage, false);
        assertThat(storage.list(work.path(".in-use")))
                .extracting(file -> file.getPath().getName())
                .contains(name, ".tmp-" + name + "-1234")
                .doesNotContain("dead", ".tmp-dead-1234");
    }

    @Test
    void onlyTheFolderOfAKilledProcessIsDeletedBesideOnesOwn() {
        killedUser(work.path("../killed/.in-use/dead"));
        killedUser(work.path("../killed-while-writing/.lock.dead"));
        storage.write(work.path("../kept/epoch-00001/part"), "wanted");
        WorkDirectory living = new WorkDirectory(storage, work.path("../living"), "train", waits::add);
        living.run(stage, false);
        killedUser(work.path("../living/.in-use/dead"));
        work.deleteAbandonedSiblings();
        assertThat(storage.list(work.path("..")))
                .extracting(file -> file.getPath().getName())
                .containsExactly("kept", "living", "work");
    }

    @Test
    void aFolderThatOthersAreKeptOutOfNeedsNoLocks() {
        WorkDirectory own = new WorkDirectory(storage, work.path("own"));
        stage.duringRun =
                () -> assertThat(Lock.claims(storage, work.path("own/.lock"))).isEmpty();
        assertThat(own.run(stage, false).reused()).isFalse();
        assertThat(own.run(stage, false).reused()).isTrue();
        assertThat(folder.resolve("own/.in-use")).doesNotExist();
    }

    @Test
    void cleaningDeletesWhatAKilledRunLeftAndNothingElse() {
        work.run(stage, false);
        storage.write(work.path(".tmp-split-1234/split/train/part"), "half");
        storage.write(work.path(".hidden"), "mine");
        storage.clean(work.path("."));
        assertThat(entries()).containsExactly(".hidden", "manifests", "schema.json", "split");
    }

    @Test
    void aFolderThatIsNotThereNeedsNoCleaning() {
        storage.clean(work.path("none"));
        assertThat(entries()).isEmpty();
    }

    /** Writes the file of a process that was killed, and returns its content. */
    private String killedUser(org.apache.hadoop.fs.Path file) {
        String dead = new String(Holder.self("train").toJson(), StandardCharsets.UTF_8)
                .replaceAll("\"pid\":\\d+", "\"pid\":2147483646");
        storage.write(file, dead);
        return dead;
    }

    private WorkDirectory directory(String command) {
        return new WorkDirectory(storage, new org.apache.hadoop.fs.Path(folder.toString()), command, waits::add);
    }

    private List<String> entries() {
        return storage.list(work.path(".")).stream()
                .map(entry -> entry.getPath().getName())
                .filter(name -> !name.equals(".in-use"))
                .toList();
    }

    /** Writes the number of its run into a file in a folder and into a file beside it. */
    private final class FakeStage implements Stage {
        private int runs;
        private int minInteractions = 3;
        private Map<String, String> inputs = Map.of("ingest", "beef");
        private Runnable duringRun = () -> {};

        @Override
        public String name() {
            return "split";
        }

        @Override
        public List<String> outputs() {
            return List.of("split", "schema.json");
        }

        @Override
        public Map<String, String> inputs() {
            return inputs;
        }

        @Override
        public Fingerprint settings() {
            return new Fingerprint().add("min_interactions", minInteractions);
        }

        @Override
        public Map<String, Long> run(org.apache.hadoop.fs.Path target) {
            runs++;
            String text = "version " + runs;
            storage.write(new org.apache.hadoop.fs.Path(target, "split/train/part"), text);
            duringRun.run();
            storage.write(new org.apache.hadoop.fs.Path(target, "schema.json"), text);
            return new LinkedHashMap<>(Map.of("train", 1L));
        }
    }
}
