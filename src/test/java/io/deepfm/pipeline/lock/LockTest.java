package io.deepfm.pipeline.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.pipeline.ObjectStoreLike;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a local disk and on {@link ObjectStoreLike}, of which the latter can do less. */
@Tag("proof")
class LockTest {

    private static final long NO_PROCESS = 2147483646;
    private static final Duration SHORT_SILENCE = Duration.ofSeconds(2);

    @TempDir
    private Path folder;

    private final Storage storage = new Storage(ObjectStoreLike.configuration());
    private final Watch watch = new Watch(storage, SHORT_SILENCE);
    private org.apache.hadoop.fs.Path file;

    @ParameterizedTest
    @ValueSource(strings = {"file", ObjectStoreLike.SCHEME})
    void onlyOneHoldsIt(String scheme) {
        on(scheme);
        Lock lock = take("train");
        assertThat(Lock.tryTake(watch, file, "score")).isEmpty();
        lock.close();
        assertThat(folder).isEmptyDirectory();
        take("score").close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", ObjectStoreLike.SCHEME})
    void theMessageSaysWhichProcessHoldsItSinceWhenAndWhatToDo(String scheme) {
        on(scheme);
        Lock lock = take("train");
        try {
            assertThatThrownBy(
                            () -> Lock.take(storage, file, "score", "output_dir", new org.apache.hadoop.fs.Path("out")))
                    .isInstanceOf(LockedException.class)
                    .hasMessageMatching(
                            "output_dir = out is in use by process "
                                    + ProcessHandle.current().pid()
                                    + " on \\S+ \\(deepfm train\\), since 20\\S+Z\\. Wait for it, or choose another folder with --override output_dir=FOLDER\\.");
        } finally {
            lock.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", ObjectStoreLike.SCHEME})
    void aDeadProcessHoldsNothingOnItsOwnMachine(String scheme) {
        on(scheme);
        claim("killed", "\"pid\":\\d+", "\"pid\":" + NO_PROCESS);
        take("score").close();
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", ObjectStoreLike.SCHEME})
    void aProcessThatBeganAtAnotherTimeIsDeadOnceItWasSeenToStandStill(String scheme) {
        on(scheme);
        claim("killed", "\"started\":\"[^\"]*\"", "\"started\":\"2001-01-01T00:00:00Z\"");
        assertThat(Lock.tryTake(watch, file, "score"))
                .as("it may be the same, after a step of the clock")
                .isEmpty();
        Lock.take(watch, file, "score", "it", file).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", ObjectStoreLike.SCHEME})
    void onAnotherMachineAHolderIsDeadOnceItWasSeenToStandStill(String scheme) {
        on(scheme);
        claimOfAnotherMachine(0);
        assertThat(Lock.tryTake(watch, file, "score")).isEmpty();
        long start = System.nanoTime();
        Lock.take(watch, file, "score", "it", file).close();
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(SHORT_SILENCE.minusMillis(200), SHORT_SILENCE.multipliedBy(10));
        assertThat(folder).isEmptyDirectory();
    }

    /** As if its clock were an hour behind or ahead: nothing of the claim is compared with a clock. */
    @ParameterizedTest
    @ValueSource(strings = {"2001-01-01T00:00:00Z", "2101-01-01T00:00:00Z"})
    void onAnotherMachineAHolderLivesAsLongAsItBeatsWhateverItsClock(String since) throws Exception {
        on(ObjectStoreLike.SCHEME);
        AtomicInteger beats = new AtomicInteger();
        claimOfAnotherMachine(since, beats.get());
        ScheduledExecutorService machine = Executors.newSingleThreadScheduledExecutor();
        try {
            machine.scheduleAtFixedRate(
                    () -> claimOfAnotherMachine(since, beats.incrementAndGet()), 50, 50, TimeUnit.MILLISECONDS);
            assertThatThrownBy(() -> Lock.take(watch, file, "score", "it", file))
                    .isInstanceOf(LockedException.class)
                    .hasMessageContaining("on elsewhere");
            Thread.sleep(SHORT_SILENCE.multipliedBy(2).toMillis());
            assertThat(Lock.tryTake(watch, file, "score")).isEmpty();
        } finally {
            machine.shutdown();
            machine.awaitTermination(1, TimeUnit.MINUTES);
        }
        Lock.take(new Watch(storage, SHORT_SILENCE), file, "score", "it", file).close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", ObjectStoreLike.SCHEME})
    void ofManyAtOnceNeverTwoHaveItAndAllGetIt(String scheme) throws Exception {
        on(scheme);
        AtomicInteger holders = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        Callable<Void> contender = () -> {
            for (int times = 0; times < 5; times++) {
                Optional<Lock> lock = Optional.empty();
                while (lock.isEmpty()) {
                    lock = Lock.tryTake(watch, file, "train");
                }
                most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                Thread.sleep(2);
                holders.decrementAndGet();
                lock.get().close();
            }
            return null;
        };
        claim("killed", "\"pid\":\\d+", "\"pid\":" + NO_PROCESS);
        contend(8, contender);
        assertThat(most).hasValue(1);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", ObjectStoreLike.SCHEME})
    void ofManyThatComeAtOnceToADeadHoldersLockExactlyOneGetsIt(String scheme) throws Exception {
        on(scheme);
        for (int round = 0; round < 20; round++) {
            claim("killed", "\"pid\":\\d+", "\"pid\":" + NO_PROCESS);
            AtomicInteger refused = new AtomicInteger();
            List<Optional<Lock>> taken = contend(8, () -> {
                try {
                    return Optional.of(Lock.take(storage, file, "train", "it", file));
                } catch (LockedException e) {
                    refused.incrementAndGet();
                    return Optional.<Lock>empty();
                }
            });
            assertThat(taken.stream().flatMap(Optional::stream)).hasSize(1);
            assertThat(refused).hasValue(7);
            taken.forEach(lock -> lock.ifPresent(Lock::close));
        }
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", ObjectStoreLike.SCHEME})
    void whoeverWasTakenForDeadFindsOut(String scheme) {
        on(scheme);
        Lock lock = take("train");
        lock.requireHeld();
        Lock.claims(storage, file).forEach(storage::delete);
        assertThatThrownBy(lock::requireHeld)
                .isInstanceOf(LockedException.class)
                .hasMessageContaining("taken over");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", ObjectStoreLike.SCHEME})
    void notesCanBeReadByOthers(String scheme) {
        on(scheme);
        try (Claim claim = new Claim(storage, file, Holder.self("train"))) {
            claim.note("split", "beef");
            assertThat(watch.living(file).orElseThrow().notes()).containsEntry("split", "beef");
        }
    }

    private void on(String scheme) {
        file = new org.apache.hadoop.fs.Path(scheme + "://" + folder.resolve(".lock"));
    }

    private Lock take(String command) {
        return Lock.take(storage, file, command, "it", file);
    }

    private void claimOfAnotherMachine(int beats) {
        claimOfAnotherMachine("2026-01-01T00:00:00Z", beats);
    }

    private void claimOfAnotherMachine(String since, int beats) {
        write(
                "elsewhere",
                new String(Holder.self("train").holding().toJson(), StandardCharsets.UTF_8)
                        .replaceAll("\"host\":\"[^\"]*\"", "\"host\":\"elsewhere\"")
                        .replaceAll("\"since\":\"[^\"]*\"", "\"since\":\"" + since + "\"")
                        .replace("\"beats\":0", "\"beats\":" + beats));
    }

    /** Leaves the claim of a holder that differs from this process in one thing. */
    private void claim(String name, String what, String replacement) {
        write(
                name,
                new String(Holder.self("train").holding().toJson(), StandardCharsets.UTF_8)
                        .replaceAll(what, replacement));
    }

    private void write(String name, String content) {
        var claim = file.suffix("." + name);
        if (storage.isLocal(claim)) {
            storage.write(claim, content);
            return;
        }
        // As a claim is written there: storage would delete before it renames.
        try (OutputStream out = storage.create(claim)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> List<T> contend(int contenders, Callable<T> what) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(contenders);
        try {
            List<Future<T>> all = threads.invokeAll(
                    IntStream.range(0, contenders).mapToObj(i -> what).toList());
            return all.stream().map(LockTest::result).toList();
        } finally {
            threads.shutdown();
        }
    }

    private static <T> T result(Future<T> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
