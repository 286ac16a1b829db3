package io.deepfm.data.split;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.DataConfig;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.schema.Tables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** By time over all interactions: the latest are test, those before them validation. Ties go by the raw files' order. */
public final class Temporal implements SplitStrategy<Temporal.Settings> {

    /** {@code validation_share} and {@code test_share}. */
    public record Settings(DataConfig data) {}

    @Override
    public String name() {
        return "temporal";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Optional<String> missing(DatasetDefinition dataset) {
        return dataset.time().isEmpty() ? Optional.of("time") : Optional.empty();
    }

    @Override
    public Map<String, Object> parameters(Settings settings) {
        return Map.of(
                "shares",
                List.of(settings.data().validationShare(), settings.data().heldOutForTest()));
    }

    @Override
    public HeldOut heldOut(Settings settings) {
        return HeldOut.FROM_ONE_TIME;
    }

    /** The two interactions at which validation and test begin are found by sorting all of them once. */
    @Override
    public Column split(Dataset<Row> interactions, Settings settings) {
        long all = interactions.count();
        long test = all - Math.round(all * settings.data().heldOutForTest());
        long validation = test - Math.round(all * settings.data().validationShare());
        Map<Long, Row> begins = interactions
                .select(Tables.TIME, Tables.INTERACTION)
                .sort(Tables.TIME, Tables.INTERACTION)
                .javaRDD()
                .zipWithIndex()
                .filter(row -> row._2 == test || row._2 == validation)
                .mapToPair(row -> new scala.Tuple2<>(row._2, row._1))
                .collectAsMap();
        return when(isFrom(begins.get(test)), Tables.TEST)
                .when(isFrom(begins.get(validation)), Tables.VALIDATION)
                .otherwise(Tables.TRAIN);
    }

    private static Column isFrom(Row begin) {
        if (begin == null) {
            return lit(false);
        }
        Column time = col(Tables.TIME);
        return time.gt(begin.get(0))
                .or(time.equalTo(begin.get(0)).and(col(Tables.INTERACTION).geq(begin.getLong(1))));
    }
}
