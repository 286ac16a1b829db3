package io.deepfm.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.storage.Storage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockTest {

    private static final long NO_PROCESS = 2147483646;

    @TempDir
    private Path folder;

    private final Storage storage = new Storage(new Configuration());
    private org.apache.hadoop.fs.Path file;

    @BeforeEach
    void file() {
        file = new org.apache.hadoop.fs.Path(folder.resolve(".lock").toString());
    }

    @Test
    void onlyOneHoldsIt() {
        Lock lock = take("train");
        assertThat(Lock.tryTake(storage, file, "score")).isEmpty();
        lock.close();
        assertThat(folder).isEmptyDirectory();
        take("score").close();
    }

    @Test
    void theMessageSaysWhichProcessHoldsItSinceWhenAndWhatToDo() {
        Lock lock = take("train");
        try {
            assertThatThrownBy(() -> Lock.take(storage, file, "score", "output_dir = out", "Choose another."))
                    .isInstanceOf(LockedException.class)
                    .hasMessageMatching("output_dir = out is in use by process "
                            + ProcessHandle.current().pid()
                            + " on \\S+ \\(deepfm train\\), since 20\\S+Z\\. Choose another\\.");
        } finally {
            lock.close();
        }
    }

    @Test
    void aDeadProcessHoldsNothingOnItsOwnMachine() throws Exception {
        killedHolder("\"pid\":\\d+", "\"pid\":" + NO_PROCESS);
        take("score").close();
    }

    @Test
    void anotherProcessUnderTheNumberOfADeadOneHoldsNothing() throws Exception {
        killedHolder("\"started\":\"[^\"]*\"", "\"started\":\"2001-01-01T00:00:00Z\"");
        take("score").close();
    }

    @Test
    void onAnotherMachineAHolderLivesAsLongAsItGivesSignsOfLife() throws Exception {
        killedHolder("\"host\":\"[^\"]*\"", "\"host\":\"elsewhere\"");
        assertThat(Lock.tryTake(storage, file, "score")).isEmpty();
        Files.setLastModifiedTime(
                folder.resolve(".lock"), FileTime.from(Instant.now().minus(Lock.SILENCE.plusSeconds(2))));
        take("score").close();
    }

    @Test
    void ofManyThatWantADeadHoldersLockOneGetsIt() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (int round = 0; round < 200; round++) {
                killedHolder("\"pid\":\\d+", "\"pid\":" + NO_PROCESS);
                List<Callable<Optional<Lock>>> attempts = IntStream.range(0, 8)
                        .<Callable<Optional<Lock>>>mapToObj(i -> () -> Lock.tryTake(storage, file, "train"))
                        .toList();
                int held = 0;
                for (Future<Optional<Lock>> attempt : threads.invokeAll(attempts)) {
                    if (attempt.get().isPresent()) {
                        held++;
                        attempt.get().get().close();
                    }
                }
                assertThat(held).isLessThanOrEqualTo(1);
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aTakeoverThatWasKilledIsNoObstacle() throws Exception {
        killedHolder("\"pid\":\\d+", "\"pid\":" + NO_PROCESS);
        Files.copy(folder.resolve(".lock"), folder.resolve(".lock.takeover"));
        assertThat(Lock.tryTake(storage, file, "score")).isEmpty();
        take("score").close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aTakeoverThatWasKilledAfterItFreedTheLockLeavesNothing() throws Exception {
        killedHolder("\"pid\":\\d+", "\"pid\":" + NO_PROCESS);
        Files.move(folder.resolve(".lock"), folder.resolve(".lock.takeover"));
        take("score").close();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void notesCanBeReadByOthers() {
        try (Lock lock = take("train")) {
            lock.note("split", "beef");
            assertThat(Lock.livingHolder(storage, file).orElseThrow().notes()).containsEntry("split", "beef");
        }
    }

    private Lock take(String command) {
        return Lock.take(storage, file, command, "it", "");
    }

    /** Leaves the file of a holder that differs from this process in one thing. */
    private void killedHolder(String what, String replacement) throws Exception {
        Lock lock = take("train");
        String holder = Files.readString(folder.resolve(".lock"));
        lock.close();
        Files.writeString(folder.resolve(".lock"), holder.replaceAll(what, replacement));
    }
}
