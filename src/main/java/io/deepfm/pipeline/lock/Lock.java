package io.deepfm.pipeline.lock;

import io.deepfm.storage.Storage;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What one process at a time can have, on any Hadoop file system, be it one that can neither create a file only where
 * there is none nor rename at once, such as an object store.
 *
 * <p>Whoever wants it writes a {@link Claim} of its own beside the others' and then lists all of them. It has the lock
 * if no living process but itself has a claim in that list; otherwise it withdraws its claim, unless those others are
 * just as undecided and come after it by name: then it waits for them to withdraw, so that one of many that come at once
 * gets it.
 *
 * <p>Two never have it. A holder's claim is there from before the listing that made it the holder until it releases the
 * lock. Of two holders' listings one began later, when both claims were there; it showed the other's claim, as all that
 * is asked of the file system is that a listing shows each file that was written before it began and not deleted. So the
 * later one would not have taken the lock. Claims of the dead change nothing of this: each bears a name of its own, so
 * deleting one, also twice, touches nobody else's.
 *
 * <p>Only a process of another machine that stands still for longer than {@link Watch#SILENCE} and then goes on may
 * believe that it has what another has taken over. It finds its claim gone: {@link #requireHeld}.
 */
public final class Lock implements AutoCloseable {

    private final Claim claim;
    private final String name;

    private Lock(Claim claim, String name) {
        this.claim = claim;
        this.name = name;
    }

    /**
     * Takes a lock, also from a dead holder, or fails. It fails at once where the holder is a process of this machine;
     * else it first waits for a sign of life.
     *
     * @param storage the file systems
     * @param file the lock's name: claims are beside it, with longer names
     * @param what the command that takes it
     * @param key the setting of the folder that is locked, such as {@code output_dir}
     * @param folder its value
     * @return the lock
     * @throws LockedException where a living process holds it
     */
    public static Lock take(Storage storage, Path file, String what, String key, Path folder) {
        return take(new Watch(storage), file, what, key, folder);
    }

    static Lock take(Watch watch, Path file, String what, String key, Path folder) {
        while (true) {
            Optional<Lock> lock = tryTake(watch, file, what);
            if (lock.isPresent()) {
                return lock.get();
            }
            for (Path other : claims(watch.storage(), file)) {
                watch.awaitSign(other).ifPresent(holder -> {
                    throw new LockedException(frontEnd -> key + " = " + folder + " is in use by " + holder
                            + ". Wait for it, or choose another folder with " + frontEnd.folder(key) + ".");
                });
            }
        }
    }

    /**
     * Takes a lock, also from a dead holder, as soon as no living process has it.
     *
     * @param storage the file systems
     * @param file the lock's name
     * @param what the command that takes it
     * @param onWait is told why this process has to wait for another
     * @return the lock
     */
    public static Lock await(Storage storage, Path file, String what, Consumer<String> onWait) {
        return await(new Watch(storage), file, what, onWait);
    }

    /**
     * Takes a lock as {@link #await(Storage, Path, String, Consumer)} does.
     *
     * @param watch what this process knows of others
     * @param file the lock's name
     * @param what the command that takes it
     * @param onWait is told why this process has to wait for another
     * @return the lock
     */
    public static Lock await(Watch watch, Path file, String what, Consumer<String> onWait) {
        boolean told = false;
        while (true) {
            Optional<Lock> lock = tryTake(watch, file, what);
            if (lock.isPresent()) {
                return lock.get();
            }
            Optional<Holder> holder = holder(watch, file);
            if (!told && holder.isPresent()) {
                onWait.accept(file.getParent() + ": waiting for " + holder.get());
                told = true;
            }
            Watch.pause();
        }
    }

    /**
     * Takes a lock, also from a holder that is known to be dead.
     *
     * @param watch what this process knows of others
     * @param file the lock's name
     * @param what the command that takes it
     * @return the lock, or nothing where another process has it or is about to
     */
    static Optional<Lock> tryTake(Watch watch, Path file, String what) {
        // A look costs less than a claim.
        if (holder(watch, file).isPresent()) {
            return Optional.empty();
        }
        Claim own = new Claim(watch.storage(), file.suffix("." + UUID.randomUUID()), Holder.self(what));
        try {
            if (prevails(own, watch, file)) {
                own.hold();
                claims(watch.storage(), file).stream()
                        .filter(watch::isAbandoned)
                        .forEach(watch.storage()::delete);
                return Optional.of(new Lock(own, file.toString()));
            }
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
        own.close();
        return Optional.empty();
    }

    private static boolean prevails(Claim own, Watch watch, Path file) {
        String name = own.file().getName();
        while (true) {
            boolean alone = true;
            for (Path other : claims(watch.storage(), file)) {
                Optional<Holder> living = other.getName().equals(name) ? Optional.empty() : watch.living(other);
                if (living.isPresent()) {
                    if (living.get().held() || other.getName().compareTo(name) < 0) {
                        return false;
                    }
                    alone = false;
                }
            }
            if (alone) {
                return true;
            }
            Watch.pause();
        }
    }

    /** A living process that holds a lock or wants it. */
    static Optional<Holder> holder(Watch watch, Path file) {
        return claims(watch.storage(), file).stream()
                .flatMap(claim -> watch.living(claim).stream())
                .findFirst();
    }

    /**
     * All claims to a lock, also of the dead.
     *
     * @param storage the file systems
     * @param file the lock's name
     * @return the claims' files
     */
    public static List<Path> claims(Storage storage, Path file) {
        return storage.list(file.getParent()).stream()
                .map(FileStatus::getPath)
                .filter(claim -> claim.getName().startsWith(file.getName() + "."))
                .toList();
    }

    /**
     * Sees to it that no other process has taken this one for dead.
     *
     * @throws LockedException if one has
     */
    public void requireHeld() {
        if (claim.isLost()) {
            throw new LockedException("Another process may have taken over " + name
                    + ", as this one stood still for long. Run the same command again.");
        }
    }

    /** Releases the lock. */
    @Override
    public void close() {
        claim.close();
    }
}
