package io.deepfm.dataset.movielens;

import io.deepfm.dataset.DatasetDownload;
import io.deepfm.storage.Storage;
import org.apache.hadoop.fs.Path;

/**
 * The download of MovieLens-100K. What its files mean is in {@code datasets/movielens-100k.conf}.
 *
 * @see <a href="https://grouplens.org/datasets/movielens/100k/">the dataset's page</a>
 */
public final class MovieLens100k implements DatasetDownload {

    @Override
    public String name() {
        return "movielens-100k";
    }

    @Override
    public void into(Path folder, Storage storage) {
        MovieLensDownload.standard().into(folder, storage);
    }
}
