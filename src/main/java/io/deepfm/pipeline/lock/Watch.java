package io.deepfm.pipeline.lock;

import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hadoop.fs.Path;

/**
 * What a process has seen of the {@link Claim}s of others, and so who lives. A process of this machine is dead as soon as
 * it has ended. One of another machine is dead once its claim has stayed the same for {@link #SILENCE} under the eyes of
 * this process, by this process's own clock; before that, nobody knows.
 */
public final class Watch {

    /** Several times as long as a living process takes from one sign of life to the next. */
    static final Duration SILENCE = Duration.ofMinutes(1);

    private static final long POLL_MILLIS = 300;

    private final Storage storage;
    private final Duration silence;
    private final Map<Path, Sight> sights = new ConcurrentHashMap<>();

    /**
     * @param storage the file systems
     */
    public Watch(Storage storage) {
        this(storage, SILENCE);
    }

    /** With another silence than usual. */
    Watch(Storage storage, Duration silence) {
        this.storage = storage;
        this.silence = silence;
    }

    /**
     * A claim as it was seen.
     *
     * @param content of its file
     * @param since when this content was first seen, in nanoseconds of this process's clock
     * @param changed whether an earlier look saw another content
     */
    private record Sight(String content, long since, boolean changed) {

        Holder holder() {
            return Holder.parse(content);
        }
    }

    Storage storage() {
        return storage;
    }

    /**
     * Whose claim it is.
     *
     * @param claim its file
     * @return nothing where it is gone or its process is dead
     */
    public Optional<Holder> living(Path claim) {
        return look(claim).filter(sight -> !isDead(sight)).map(Sight::holder);
    }

    /**
     * Whether there is the claim of a process that is dead.
     *
     * @param claim its file
     * @return false also while nobody knows
     */
    public boolean isAbandoned(Path claim) {
        return look(claim).filter(this::isDead).isPresent();
    }

    /**
     * Whose claim it is, as soon as that is known.
     *
     * @param claim its file
     * @return nothing once its process is known to be dead, or it is gone
     */
    public Optional<Holder> awaitSign(Path claim) {
        while (true) {
            Optional<Sight> sight = look(claim).filter(seen -> !isDead(seen));
            if (sight.isEmpty() || sight.get().changed() || sight.get().holder().isLivingHere()) {
                return sight.map(Sight::holder);
            }
            pause();
        }
    }

    /** Waits before the next look. */
    static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for another process", e);
        }
    }

    private boolean isDead(Sight sight) {
        Holder holder = sight.holder();
        return holder.isDeadHere() || !holder.isLivingHere() && System.nanoTime() - sight.since() > silence.toNanos();
    }

    private Optional<Sight> look(Path claim) {
        String content;
        try {
            content = read(claim);
        } catch (DataException e) {
            sights.remove(claim);
            return Optional.empty();
        }
        return Optional.of(sights.merge(
                claim,
                new Sight(content, System.nanoTime(), false),
                (before, now) -> before.content().equals(content) ? before : new Sight(content, now.since(), true)));
    }

    /** An object store may refuse to read what is replaced just then; so once more, and where it is no more, as gone. */
    private String read(Path claim) {
        try {
            return storage.readString(claim);
        } catch (UncheckedIOException e) {
            pause();
            return storage.readString(claim);
        }
    }
}
