package io.deepfm.data.split;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftrightunsigned;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.deepfm.config.DataConfig;
import io.deepfm.config.EvaluationConfig;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.schema.Tables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Each interaction by a hash of the candidate lists' seed and its place in the raw files: runs with other seeds share their
 * test set. */
public final class RandomSplit implements SplitStrategy<RandomSplit.Settings> {

    /** {@code validation_share}, {@code test_share} and {@code candidate_seed}. */
    public record Settings(DataConfig data, EvaluationConfig evaluation) {}

    @Override
    public String name() {
        return "random";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Optional<String> missing(DatasetDefinition dataset) {
        return Optional.empty();
    }

    @Override
    public Map<String, Object> parameters(Settings settings) {
        return Map.of(
                "shares",
                List.of(settings.data().validationShare(), settings.data().heldOutForTest()),
                "seed",
                settings.evaluation().candidateSeed());
    }

    @Override
    public HeldOut heldOut(Settings settings) {
        return HeldOut.ANY_TIME;
    }

    @Override
    public Column split(Dataset<Row> interactions, Settings settings) {
        Column hash = xxhash64(lit(settings.evaluation().candidateSeed()), col(Tables.INTERACTION));
        // The upper 53 bits, as a number in [0, 1).
        Column share = shiftrightunsigned(hash, 11).cast("double").multiply(1.0 / (1L << 53));
        return when(share.lt(settings.data().heldOutForTest()), Tables.TEST)
                .when(
                        share.lt(settings.data().heldOutForTest()
                                + settings.data().validationShare()),
                        Tables.VALIDATION)
                .otherwise(Tables.TRAIN);
    }
}
