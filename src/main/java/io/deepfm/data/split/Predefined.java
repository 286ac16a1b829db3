package io.deepfm.data.split;

import static org.apache.spark.sql.functions.col;

import io.deepfm.config.Extension;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.schema.Tables;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** As the dataset's sources {@code interactions}, {@code validation} and {@code test} have it. */
public final class Predefined implements SplitStrategy<Extension.NoSettings> {

    @Override
    public String name() {
        return "predefined";
    }

    @Override
    public Class<NoSettings> settings() {
        return NoSettings.class;
    }

    @Override
    public Optional<String> missing(DatasetDefinition dataset) {
        return dataset.test().isEmpty()
                ? Optional.of("validation and test")
                : dataset.validation().isEmpty() ? Optional.of("validation") : Optional.empty();
    }

    @Override
    public Map<String, Object> parameters(NoSettings settings) {
        return Map.of();
    }

    @Override
    public Column split(Dataset<Row> interactions, NoSettings settings) {
        return col(Tables.SPLIT_NAME);
    }
}
