package io.deepfm.data.read;

import io.deepfm.dataset.TableSource;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** The files of a {@link TableSource}. */
public final class RawFiles {

    private RawFiles() {}

    /**
     * The files of a source.
     *
     * @param storage the file systems
     * @param source the source
     * @return the files in the order of their paths
     * @throws DataException if there is none
     */
    static List<Path> of(Storage storage, TableSource source) {
        List<Path> files = storage.matching(new Path(source.path().text()));
        if (files.isEmpty()) {
            throw new DataException("There is no file " + source.path() + ". Put it there, set data.data_dir to the"
                    + " folder that holds it, or run: scripts/deepfm download --config ...");
        }
        return files;
    }

    /**
     * A digest of all files' contents.
     *
     * @param storage the file systems
     * @param source the source
     * @return hexadecimal digits
     * @throws DataException if there is no file
     */
    public static String digest(Storage storage, TableSource source) {
        Fingerprint digest = new Fingerprint();
        of(storage, source).parallelStream().map(storage::sha256).toList().forEach(file -> digest.add("file", file));
        return digest.hex();
    }
}
