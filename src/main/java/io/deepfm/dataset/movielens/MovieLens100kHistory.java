package io.deepfm.dataset.movielens;

import io.deepfm.dataset.DatasetDownload;
import io.deepfm.storage.Storage;
import org.apache.hadoop.fs.Path;

/** The download of MovieLens-100K for {@code datasets/movielens-100k-history.conf}, which has more features of the same files. */
public final class MovieLens100kHistory implements DatasetDownload {

    @Override
    public String name() {
        return "movielens-100k-history";
    }

    @Override
    public void into(Path folder, Storage storage) {
        MovieLensDownload.standard().into(folder, storage);
    }
}
