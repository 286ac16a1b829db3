package io.deepfm.data.split;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.DataConfig;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.schema.Tables;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/** Per user, by time: the last interaction is test, the one before it validation, the rest train; without a test split the last
 * one is validation. Users with fewer than {@code data.min_interactions} are in train only. Ties go by the raw files' order. */
public final class LeaveOneOut implements SplitStrategy<LeaveOneOut.Settings> {

    /** {@code min_interactions}. */
    public record Settings(DataConfig data) {}

    @Override
    public String name() {
        return "leave_one_out";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Optional<String> missing(DatasetDefinition dataset) {
        return !dataset.hasUsersAndItems()
                ? Optional.of("user and item")
                : dataset.time().isEmpty() ? Optional.of("time") : Optional.empty();
    }

    @Override
    public Map<String, Object> parameters(Settings settings) {
        return settings.data().testSplit()
                ? Map.of("min_interactions", settings.data().minInteractions())
                : Map.of("min_interactions", settings.data().minInteractions(), "test", false);
    }

    @Override
    public Column split(Dataset<Row> interactions, Settings settings) {
        WindowSpec user = Window.partitionBy(Tables.USER_INDEX);
        Column age = row_number()
                .over(user.orderBy(
                        col(Tables.TIME).desc(), col(Tables.INTERACTION).desc()));
        return when(count(lit(1)).over(user).lt(settings.data().minInteractions()), Tables.TRAIN)
                .when(age.equalTo(settings.data().testSplit() ? 1 : 0), Tables.TEST)
                .when(age.equalTo(settings.data().testSplit() ? 2 : 1), Tables.VALIDATION)
                .otherwise(Tables.TRAIN);
    }

    @Override
    public String whyEmpty(Settings settings) {
        return ": no user has data.min_interactions = " + settings.data().minInteractions() + " interactions.";
    }
}
