package io.deepfm.data;

import io.deepfm.config.ConfigException;
import io.deepfm.data.encode.Encoders;
import io.deepfm.data.read.RawFiles;
import io.deepfm.data.read.RawSources;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.storage.Storage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Compares a dataset's description with its raw files, before anything is made of them. It has no output but its manifest,
 * so that the same description and files are not compared again; the files' digests there are what other stages know them
 * by.
 */
public final class CheckStage implements Stage {

    private static final String NAME = "check";

    private final Storage storage;
    private final DatasetDefinition dataset;
    private final RawSources sources;
    private final DatasetCheck check;

    /**
     * @param spark the session
     * @param storage the file systems
     * @param dataset what to check
     */
    public CheckStage(SparkSession spark, Storage storage, DatasetDefinition dataset) {
        this.storage = storage;
        this.dataset = dataset;
        this.sources = RawSources.interactions(dataset).and(RawSources.usersAndItems(dataset));
        this.check = new DatasetCheck(spark, new TableReader(spark, storage), dataset);
    }

    /**
     * What the raw files were when they were checked.
     *
     * @param work holds the manifest
     * @param sources some of them
     * @return their digests by name
     */
    static Map<String, String> digests(WorkDirectory work, RawSources sources) {
        Map<String, String> digests = new TreeMap<>(work.require(NAME, "ingest").inputs());
        digests.keySet().retainAll(sources.byName().keySet());
        return digests;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> outputs() {
        return List.of();
    }

    @Override
    public Map<String, String> inputs() {
        Map<String, String> digests = new TreeMap<>();
        sources.byName().forEach((name, source) -> digests.put(name, RawFiles.digest(storage, source)));
        return digests;
    }

    @Override
    public Fingerprint settings() {
        return sources.settings()
                .add("keys", List.of(dataset.user(), dataset.item(), dataset.time()))
                .add("label", dataset.label())
                .add("features", dataset.features())
                .addCode(DatasetCheck.class, Encoders.class);
    }

    /**
     * Compares.
     *
     * @throws ConfigException if the description does not fit
     */
    @Override
    public Map<String, Long> run(Path target) {
        check.columns();
        check.values();
        return Map.of("features", (long) dataset.features().size());
    }
}
