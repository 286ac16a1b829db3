package io.deepfm.pipeline;

import io.deepfm.storage.Storage;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * The files of stages' outputs: what they hold, and whether that is what was written. A table without one of its files
 * reads as a smaller one, and Parquet has no checksum over its headers and footers, so one damaged there may read as other
 * rows.
 *
 * <p>A local file is read once per process for its digest, and again only when its length or time changes.
 */
final class StoredFiles {

    /** A file as it was when its digest was computed. */
    private record Version(String name, long bytes, long modified) {}

    private final Storage storage;
    private final Map<Version, String> digests = new ConcurrentHashMap<>();

    StoredFiles(Storage storage) {
        this.storage = storage;
    }

    /**
     * What the files of outputs hold that have just been written.
     *
     * @param outputs entries of a work directory
     * @param places where each lies
     * @return by their paths in the work directory
     */
    Map<String, StoredFile> of(List<String> outputs, Function<String, Path> places) {
        Map<String, StoredFile> files = new ConcurrentSkipListMap<>();
        list(outputs, places).entrySet().parallelStream().forEach(file -> {
            FileStatus status = file.getValue();
            // Others, such as HDFS, have checksums of their own and look at them whenever they read.
            boolean unseen = storage.isLocal(status.getPath());
            files.put(
                    file.getKey(), new StoredFile(status.getLen(), unseen ? digestAnew(file.getKey(), status) : null));
        });
        return files;
    }

    /**
     * What is wrong with a stage's files.
     *
     * @param manifest of the stage
     * @param places where each output lies
     * @return nothing where all are as they were written
     */
    Optional<String> damage(Manifest manifest, Function<String, Path> places) {
        Map<String, FileStatus> found = list(manifest.outputs(), places);
        Stream<String> damaged = manifest.files().entrySet().parallelStream()
                .map(file -> damage(file.getKey(), file.getValue(), found.get(file.getKey())))
                .filter(Objects::nonNull);
        Stream<String> foreign = found.keySet().stream()
                .filter(name -> !manifest.files().containsKey(name))
                .map(name -> name + " is not one of its files");
        return Stream.concat(damaged, foreign).findFirst();
    }

    private String damage(String name, StoredFile written, FileStatus found) {
        if (found == null) {
            return name + " is missing";
        }
        if (found.getLen() != written.bytes()) {
            return name + " has " + found.getLen() + " bytes instead of " + written.bytes();
        }
        if (written.sha256() == null || !storage.isLocal(found.getPath())) {
            return null;
        }
        try {
            return written.sha256().equals(digest(name, found)) ? null : name + " has changed since it was written";
        } catch (UncheckedIOException e) {
            return name + " cannot be read (" + e.getMessage() + ")";
        }
    }

    private String digest(String name, FileStatus file) {
        String known = digests.get(version(name, file));
        return known == null ? digestAnew(name, file) : known;
    }

    private String digestAnew(String name, FileStatus file) {
        String digest = storage.sha256(file.getPath());
        digests.put(version(name, file), digest);
        return digest;
    }

    private static Version version(String name, FileStatus file) {
        return new Version(name, file.getLen(), file.getModificationTime());
    }

    private Map<String, FileStatus> list(List<String> outputs, Function<String, Path> places) {
        Map<String, FileStatus> files = new TreeMap<>();
        for (String output : outputs) {
            Path place = places.apply(output);
            if (storage.exists(place)) {
                URI folder = storage.qualified(place).toUri();
                storage.files(place, "").forEach(file -> {
                    String name = folder.relativize(file.getPath().toUri()).getPath();
                    files.put(name.isEmpty() ? output : output + "/" + name, file);
                });
            }
        }
        return files;
    }
}
