package io.deepfm.data.sample;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.CheckStage;
import io.deepfm.data.EncodeStage;
import io.deepfm.data.quarantine.Quarantine;
import io.deepfm.data.read.TableReader;
import io.deepfm.data.source.RawSources;
import io.deepfm.dataset.CandidatesDefinition;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The lists to rank: for each held-out interaction its item and {@code data.num_neg_eval} items that its user has no
 * interaction with, one row per list; those of test may come from a file of the dataset. Written once and reused by every
 * run over the dataset.
 */
public final class CandidateStage implements Stage {

    private static final int NO_EPOCH = 0;

    /** How many lists of the file name their held-out item among their negatives. */
    public static final String OWN_ITEM = "own_item";

    private final SparkSession spark;
    private final TableReader reader;
    private final WorkDirectory work;
    private final ExperimentConfig config;
    private final DatasetDefinition dataset;
    private final RawSources file;

    /**
     * @param spark the session
     * @param reader reads lists that the dataset has
     * @param work holds the encoded tables
     * @param config seed and number of negatives
     * @param dataset says whether it has lists
     */
    public CandidateStage(
            SparkSession spark,
            TableReader reader,
            WorkDirectory work,
            ExperimentConfig config,
            DatasetDefinition dataset) {
        this.spark = spark;
        this.reader = reader;
        this.work = work;
        this.config = config;
        this.dataset = dataset;
        this.file = RawSources.candidates(dataset);
    }

    @Override
    public String name() {
        return "candidates";
    }

    @Override
    public List<String> outputs() {
        return List.of(Tables.CANDIDATES);
    }

    @Override
    public Map<String, String> inputs() {
        Map<String, String> inputs =
                new TreeMap<>(Map.of("encode", work.require("encode", "encode").fingerprint()));
        if (dataset.candidates().isPresent()) {
            inputs.putAll(CheckStage.fingerprints(work, file));
        }
        return inputs;
    }

    @Override
    public Fingerprint settings() {
        return file.settings()
                .add("expressions", dataset.candidates().map(CandidatesDefinition::expressions))
                .add("time_zone", dataset.timeZone())
                .add("candidate_seed", config.evaluation().candidateSeed())
                .add("num_neg_eval", config.data().mostNegatives())
                .add("popularity_exponent", config.data().popularityExponent());
    }

    @Override
    public Map<String, Long> run(Path target) {
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String split : List.of(Tables.VALIDATION, Tables.TEST)) {
            Dataset<Row> heldOut = table("interactions/" + split);
            Dataset<Row> lists =
                    split.equals(Tables.TEST) && dataset.candidates().isPresent()
                            ? ofFile(heldOut, target, rows)
                            : sampled(heldOut, split);
            Path path = new Path(target, Tables.CANDIDATES + "/" + split);
            long written = ParquetTables.write(lists, path);
            rows.put(split, written);
            rows.put(split + "_candidates", written + ParquetTables.countValues(spark, path, Tables.NEGATIVES));
        }
        return rows;
    }

    private Dataset<Row> sampled(Dataset<Row> heldOut, String split) {
        Manifest encoded = work.require("encode", "encode");
        // The split takes part in the key, so that a user's two lists are drawn independently.
        NegativeDraws.Draw draw =
                new NegativeDraws.Draw(config.evaluation().candidateSeed(), Tables.SPLITS.indexOf(split), NO_EPOCH);
        return new NegativeDraws(
                        heldOut,
                        encoded.rows(split),
                        ParquetTables.read(spark, work.path(EncodeStage.SEEN)),
                        ItemSampler.of(spark, work, config.data()),
                        functions.lit(config.data().mostNegatives()),
                        Math.min(config.data().mostNegatives(), encoded.rows(Tables.ITEMS)))
                .of(List.of(draw))
                .drop(NegativeDraws.DRAW);
    }

    /** Staged, so that the text is not read anew each time that the lists are gone through. */
    private Dataset<Row> ofFile(Dataset<Row> heldOut, Path target, Map<String, Long> rows) {
        Path staged = new Path(target, "staged");
        CandidateFile candidates =
                new CandidateFile(reader, dataset, heldOut, table(Tables.USERS), table(Tables.ITEMS));
        candidates.lists().write().parquet(staged.toString());
        Dataset<Row> lists = Quarantine.requireGood(
                ParquetTables.read(spark, staged),
                List.of(reader.schema(dataset.candidates().orElseThrow().source())
                        .fieldNames()));
        rows.put(OWN_ITEM, lists.filter(CandidateFile.HAS_OWN_ITEM).count());
        return candidates.join(lists);
    }

    private Dataset<Row> table(String name) {
        return ParquetTables.read(spark, work.path(Tables.ENCODED + "/" + name));
    }
}
