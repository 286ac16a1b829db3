package io.deepfm.storage;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
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
     * What the files of outputs hold.
     *
     * @param outputs entries of a work directory
     * @param places where each lies
     * @return by their paths in the work directory
     */
    Map<String, StoredFile> of(List<String> outputs, Function<String, Path> places) {
        Map<String, StoredFile> files = new TreeMap<>();
        list(outputs, places).forEach((name, file) -> {
            // Others, such as HDFS, have checksums of their own and look at them whenever they read.
            boolean unseen = storage.isLocal(file.getPath());
            files.put(name, new StoredFile(file.getLen(), unseen ? digest(name, file) : null));
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
        for (Map.Entry<String, StoredFile> file : manifest.files().entrySet()) {
            String name = file.getKey();
            StoredFile noted = file.getValue();
            FileStatus status = found.remove(name);
            if (status == null) {
                return Optional.of(name + " is missing");
            }
            boolean compare = noted.sha256() != null && noted.bytes() == status.getLen();
            String damage = noted.damage(new StoredFile(status.getLen(), compare ? digest(name, status) : null));
            if (damage != null) {
                return Optional.of(name + " " + damage);
            }
        }
        return found.keySet().stream()
                .map(name -> name + " is none of its files")
                .findFirst();
    }

    private String digest(String name, FileStatus file) {
        return digests.computeIfAbsent(
                new Version(name, file.getLen(), file.getModificationTime()), any -> storage.sha256(file.getPath()));
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
