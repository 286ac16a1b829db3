package io.deepfm.data.split;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.deepfm.config.DataConfig;
import io.deepfm.config.DataConfig.ValidationRow;
import io.deepfm.config.EvaluationConfig;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.schema.Tables;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Test as the dataset's source {@code test} has it, as published leave-one-out splits come without a validation split: that
 * is one row of each user, taken out of train. Users with fewer than {@code data.min_interactions} rows there keep them all.
 */
public final class ValidationOfTrain implements SplitStrategy<ValidationOfTrain.Settings> {

    /** {@code validation_row}, {@code min_interactions} and {@code candidate_seed}. */
    public record Settings(DataConfig data, EvaluationConfig evaluation) {

        private boolean isRandom() {
            return data.validationRow() == ValidationRow.RANDOM;
        }
    }

    @Override
    public String name() {
        return "predefined_test";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Optional<String> missing(DatasetDefinition dataset) {
        return !dataset.hasUsersAndItems()
                ? Optional.of("user and item")
                : dataset.test().isEmpty() ? Optional.of("test") : Optional.empty();
    }

    /** The seed decides only where chance does. */
    @Override
    public Map<String, Object> parameters(Settings settings) {
        return Map.of(
                "validation_row",
                settings.data().validationRow(),
                "min_interactions",
                settings.data().minInteractions(),
                "seed",
                settings.isRandom() ? settings.evaluation().candidateSeed() : "");
    }

    @Override
    public HeldOut heldOut(Settings settings) {
        return settings.isRandom() ? HeldOut.ANY_TIME : HeldOut.FROM_A_TIME_OF_EACH_USER;
    }

    @Override
    public Column split(Dataset<Row> interactions, Settings settings) {
        Column isTest = col(Tables.SPLIT_NAME).equalTo(Tables.TEST);
        WindowSpec rows = Window.partitionBy(col(Tables.USER_INDEX), isTest);
        Column place = row_number()
                .over(
                        settings.isRandom()
                                ? rows.orderBy(
                                        xxhash64(lit(settings.evaluation().candidateSeed()), col(Tables.INTERACTION)),
                                        col(Tables.INTERACTION))
                                : rows.orderBy(
                                        col(Tables.TIME).desc(),
                                        col(Tables.INTERACTION).desc()));
        return when(isTest, Tables.TEST)
                .when(count(lit(1)).over(rows).lt(settings.data().minInteractions()), Tables.TRAIN)
                .when(place.equalTo(1), Tables.VALIDATION)
                .otherwise(Tables.TRAIN);
    }

    @Override
    public String whyEmpty(Settings settings) {
        return ": no user has data.min_interactions = " + settings.data().minInteractions() + " interactions in train.";
    }
}
