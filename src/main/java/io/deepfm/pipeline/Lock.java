package io.deepfm.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.Path;

/**
 * A file that says that a process is at work, on any Hadoop file system.
 *
 * <p>A killed process leaves its file behind. On the machine of that process the file counts for nothing as soon as the
 * process is gone; elsewhere once it has not been touched for {@link #SILENCE}, as a living holder touches it every few
 * seconds.
 */
public final class Lock implements AutoCloseable {

    /** After so long without a sign of life a holder on another machine counts as dead. */
    static final Duration SILENCE = Duration.ofMinutes(1);

    private static final Duration SIGN_OF_LIFE = Duration.ofSeconds(10);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Storage storage;
    private final Path file;
    private final ScheduledExecutorService signs;
    private Holder holder;

    /**
     * Who holds a lock.
     *
     * @param token tells two locks of one process apart
     * @param host the machine
     * @param pid the process on that machine
     * @param started when that process started, as process numbers are used again
     * @param since when it took the lock
     * @param what the command it runs
     * @param notes what others should know of it
     */
    record Holder(
            String token, String host, long pid, String started, String since, String what, Map<String, String> notes) {

        static Holder self(String what) {
            return new Holder(
                    UUID.randomUUID().toString(),
                    hostName(),
                    ProcessHandle.current().pid(),
                    started(ProcessHandle.current()),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                    what,
                    Map.of());
        }

        private boolean isDeadHere() {
            return host.equals(hostName())
                    && ProcessHandle.of(pid)
                            .filter(process -> started(process).equals(started))
                            .isEmpty();
        }

        @Override
        public String toString() {
            return "process " + pid + " on " + host + " (deepfm " + what + "), since " + since;
        }

        private static String started(ProcessHandle process) {
            return process.info().startInstant().map(Instant::toString).orElse("");
        }

        private static String hostName() {
            try {
                return InetAddress.getLocalHost().getHostName();
            } catch (UnknownHostException e) {
                return "unknown";
            }
        }
    }

    private Lock(Storage storage, Path file, Holder holder) {
        this.storage = storage;
        this.file = file;
        this.holder = holder;
        this.signs = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "sign-of-life");
            thread.setDaemon(true);
            return thread;
        });
        signs.scheduleWithFixedDelay(this::touch, SIGN_OF_LIFE.toSeconds(), SIGN_OF_LIFE.toSeconds(), TimeUnit.SECONDS);
    }

    /**
     * Takes a lock, also from a dead holder.
     *
     * @param storage the file systems
     * @param file the lock's file
     * @param what the command that takes it
     * @return the lock, or nothing where a living process holds it
     */
    static Optional<Lock> tryTake(Storage storage, Path file, String what) {
        Holder self = Holder.self(what);
        if (create(storage, file, self)) {
            deleteAbandoned(storage, guard(file));
            return Optional.of(new Lock(storage, file, self));
        }
        return livingHolder(storage, file).isEmpty() && takeOver(storage, file, self)
                ? Optional.of(new Lock(storage, file, self))
                : Optional.empty();
    }

    /**
     * Takes a lock, also from a dead holder, or fails at once.
     *
     * @param storage the file systems
     * @param file the lock's file
     * @param what the command that takes it
     * @param guarded what is locked, such as {@code output_dir = out}
     * @param advice what to do where it is held
     * @return the lock
     * @throws LockedException where a living process holds it
     */
    public static Lock take(Storage storage, Path file, String what, String guarded, String advice) {
        return tryTake(storage, file, what)
                // The first attempt may have done no more than to clear away a takeover that was killed.
                .or(() -> tryTake(storage, file, what))
                .orElseThrow(() -> new LockedException(guarded + " is in use by "
                        + livingHolder(storage, file).map(Holder::toString).orElse("another process") + ". " + advice));
    }

    /**
     * Who holds a lock.
     *
     * @param storage the file systems
     * @param file the lock's file
     * @return the living process that holds it
     */
    static Optional<Holder> livingHolder(Storage storage, Path file) {
        try {
            if (!storage.exists(file)) {
                return Optional.empty();
            }
            Duration silent = Duration.between(file(storage, file).touched(), Instant.now());
            Holder holder = parse(storage.readString(file));
            return holder.isDeadHere() || silent.compareTo(SILENCE) > 0 ? Optional.empty() : Optional.of(holder);
        } catch (DataException e) {
            // Released between two looks at it.
            return Optional.empty();
        }
    }

    /** Whether there is the file of a holder that is dead. */
    static boolean isAbandoned(Storage storage, Path file) {
        return storage.exists(file) && livingHolder(storage, file).isEmpty();
    }

    private static void deleteAbandoned(Storage storage, Path file) {
        if (isAbandoned(storage, file)) {
            storage.delete(file);
        }
    }

    private static Path guard(Path file) {
        return file.suffix(".takeover");
    }

    /** Lets others know something of the holder, under a name. */
    synchronized void note(String name, String value) {
        Map<String, String> notes = new TreeMap<>(holder.notes());
        if (value.equals(notes.put(name, value))) {
            return;
        }
        holder = new Holder(
                holder.token(), holder.host(), holder.pid(), holder.started(), holder.since(), holder.what(), notes);
        storage.write(file, toJson(holder));
    }

    Path file() {
        return file;
    }

    /** Releases the lock. */
    @Override
    public synchronized void close() {
        signs.shutdownNow();
        storage.delete(file);
    }

    private synchronized void touch() {
        try {
            if (!signs.isShutdown()) {
                file(storage, file).touch();
            }
        } catch (DataException | UncheckedIOException e) {
            // A file system that is away for a moment; the next sign of life may reach it again.
            Thread.yield();
        }
    }

    private static LockFile file(Storage storage, Path file) {
        return new LockFile(storage.configuration(), file);
    }

    private static boolean create(Storage storage, Path file, Holder holder) {
        return file(storage, file).create(toJson(holder).getBytes(StandardCharsets.UTF_8));
    }

    /** Puts a dead holder's file out of the way, and one's own in its place. One process at a time may do so. */
    private static boolean takeOver(Storage storage, Path file, Holder self) {
        Path guard = guard(file);
        if (!create(storage, guard, self)) {
            // Its holder was killed in the few milliseconds that this takes, or is just now at it.
            deleteAbandoned(storage, guard);
            return false;
        }
        try {
            if (livingHolder(storage, file).isPresent()) {
                return false;
            }
            storage.delete(file);
            return create(storage, file, self);
        } finally {
            storage.delete(guard);
        }
    }

    private static String toJson(Holder holder) {
        try {
            return JSON.writeValueAsString(holder);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Holder parse(String json) {
        try {
            return JSON.readValue(json, Holder.class);
        } catch (JsonProcessingException e) {
            // Created but not written yet: its holder is just beginning.
            return new Holder("", "", 0, "", "", "", Map.of());
        }
    }
}
