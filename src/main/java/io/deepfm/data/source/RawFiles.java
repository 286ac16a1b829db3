package io.deepfm.data.source;

import io.deepfm.config.DataConfig.RawDigest;
import io.deepfm.dataset.TableSource;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.List;
import org.apache.hadoop.fs.EtagSource;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** The files of a {@link TableSource}, and by what they are known again. */
public final class RawFiles {

    private final SparkSession spark;
    private final Storage storage;
    private final RawDigest digest;

    /**
     * @param spark the session
     * @param storage the file systems
     * @param digest whether files are known by their contents
     */
    public RawFiles(SparkSession spark, Storage storage, RawDigest digest) {
        this.spark = spark;
        this.storage = storage;
        this.digest = digest;
    }

    /**
     * The files of a source.
     *
     * @param storage the file systems
     * @param source the source
     * @return the files in the order of their paths
     * @throws DataException if there is none
     */
    public static List<Path> of(Storage storage, TableSource source) {
        return statuses(storage, source).stream().map(FileStatus::getPath).toList();
    }

    private static List<FileStatus> statuses(Storage storage, TableSource source) {
        List<FileStatus> files = storage.matching(new Path(source.path().text()));
        if (files.isEmpty()) {
            throw new DataException("There is no file " + source.path() + ". Put it there, set data.data_dir to the"
                    + " folder that contains it, or run: scripts/deepfm download --config ...");
        }
        return files;
    }

    /**
     * What changes when the files of a source do: their contents, wherever they are, or, without reading them, their
     * paths, lengths and versions.
     *
     * @param source the source
     * @return hexadecimal digits
     * @throws DataException if there is no file
     */
    public String fingerprint(TableSource source) {
        List<FileStatus> files = statuses(storage, source);
        Fingerprint fingerprint = new Fingerprint();
        switch (digest) {
            case NONE -> files.forEach(file -> fingerprint.add(file.getPath().toString(), version(file)));
            case SHA256 -> digests(files).forEach(content -> fingerprint.add("file", content));
        }
        return fingerprint.hex();
    }

    /**
     * The files of a source as they are now, without reading them.
     *
     * @param storage the file systems
     * @param source the source
     * @return for each file its path and what changes when it is written again
     * @throws DataException if there is none
     */
    public static List<String> versions(Storage storage, TableSource source) {
        return statuses(storage, source).stream()
                .map(file -> file.getPath() + " " + version(file))
                .toList();
    }

    /** The length, and what the store itself tells versions of a file apart by, else the time when it was written. */
    private static List<Object> version(FileStatus file) {
        String etag = file instanceof EtagSource source ? source.getEtag() : null;
        return List.of(
                file.getLen(), etag == null || etag.isEmpty() ? Long.toString(file.getModificationTime()) : etag);
    }

    /** One task for each file, so that it is not the driver who reads them. */
    private List<String> digests(List<FileStatus> files) {
        var configuration = new SerializableConfiguration(storage.configuration());
        List<String> paths =
                files.stream().map(file -> file.getPath().toString()).toList();
        return JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(paths, paths.size())
                .map(path -> new Storage(configuration.value()).sha256(new Path(path)))
                .collect();
    }
}
