package io.deepfm.data;

import io.deepfm.config.ConfigException;
import io.deepfm.data.read.TableReader;
import io.deepfm.data.source.RawFiles;
import io.deepfm.data.source.RawSources;
import io.deepfm.dataset.CandidatesDefinition;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Compares a dataset's description with its raw files, before any other work. It has no output but its manifest,
 * so that the same description and files are not compared again; the files' fingerprints there are what other stages know
 * them by.
 */
public final class CheckStage implements Stage {

    private static final String NAME = "check";

    private final RawFiles files;
    private final DatasetDefinition dataset;
    private final RawSources sources;
    private final DatasetCheck check;

    /**
     * @param spark the session
     * @param reader reads the raw files
     * @param files knows them by what the settings say
     * @param dataset what to check
     */
    public CheckStage(SparkSession spark, TableReader reader, RawFiles files, DatasetDefinition dataset) {
        this.files = files;
        this.dataset = dataset;
        this.sources = RawSources.interactions(dataset)
                .and(RawSources.usersAndItems(dataset))
                .and(RawSources.candidates(dataset));
        this.check = new DatasetCheck(spark, reader, dataset);
    }

    /**
     * The raw files' digests when they were checked.
     *
     * @param work holds the manifest
     * @param sources some of them
     * @return their fingerprints by name
     */
    public static Map<String, String> fingerprints(WorkDirectory work, RawSources sources) {
        Map<String, String> fingerprints =
                new TreeMap<>(work.require(NAME, "ingest").inputs());
        fingerprints.keySet().retainAll(sources.byName().keySet());
        return fingerprints;
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
        Map<String, String> fingerprints = new TreeMap<>();
        sources.byName().forEach((name, source) -> fingerprints.put(name, files.fingerprint(source)));
        return fingerprints;
    }

    @Override
    public Fingerprint settings() {
        return sources.settings()
                .add("keys", List.of(dataset.user(), dataset.item(), dataset.time()))
                .add("label", dataset.label())
                .add("candidates", dataset.candidates().map(CandidatesDefinition::expressions))
                .add("features", dataset.features())
                .add("time_zone", dataset.timeZone());
    }

    /**
     * Compares.
     *
     * @throws ConfigException if the description does not fit
     */
    @Override
    public Map<String, Long> run(Path target) {
        check.columns();
        Map<String, Long> counts = new TreeMap<>(check.values());
        counts.put("features", (long) dataset.features().size());
        return counts;
    }
}
