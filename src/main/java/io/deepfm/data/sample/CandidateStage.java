package io.deepfm.data.sample;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.EncodeStage;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The lists to rank: for each held-out interaction its item and {@code data.num_neg_eval} items that its user has no
 * interaction with, one row per list. Written once and reused by every run over the dataset.
 */
public final class CandidateStage implements Stage {

    private static final int NO_EPOCH = 0;

    private final SparkSession spark;
    private final WorkDirectory work;
    private final ExperimentConfig config;

    /**
     * @param spark the session
     * @param work holds the encoded tables
     * @param config seed and number of negatives
     */
    public CandidateStage(SparkSession spark, WorkDirectory work, ExperimentConfig config) {
        this.spark = spark;
        this.work = work;
        this.config = config;
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
        return Map.of("encode", work.require("encode", "encode").fingerprint());
    }

    @Override
    public Fingerprint settings() {
        return new Fingerprint()
                .add("candidate_seed", config.evaluation().candidateSeed())
                .add("num_neg_eval", config.data().numNegEval());
    }

    @Override
    public Map<String, Long> run(Path target) {
        Manifest encoded = work.require("encode", "encode");
        int items = Math.toIntExact(encoded.rows("items"));
        Dataset<Row> seen = ParquetTables.read(spark, work.path(EncodeStage.SEEN));
        Map<String, Long> rows = new LinkedHashMap<>();
        for (String split : List.of(Tables.VALIDATION, Tables.TEST)) {
            // The split takes part in the key, so that a user's two lists are drawn independently.
            NegativeDraws.Draw draw =
                    new NegativeDraws.Draw(config.evaluation().candidateSeed(), Tables.SPLITS.indexOf(split), NO_EPOCH);
            Dataset<Row> heldOut = ParquetTables.read(spark, work.path(Tables.ENCODED + "/interactions/" + split));
            Dataset<Row> lists = new NegativeDraws(
                            heldOut, encoded.rows(split), seen, items, functions.lit(config.data().numNegEval()))
                    .of(List.of(draw))
                    .drop(NegativeDraws.DRAW);
            Path path = new Path(target, Tables.CANDIDATES + "/" + split);
            long written = ParquetTables.write(lists, path);
            rows.put(split, written);
            rows.put(split + "_candidates", written + ParquetTables.countValues(spark, path, Tables.NEGATIVES));
        }
        return rows;
    }
}
