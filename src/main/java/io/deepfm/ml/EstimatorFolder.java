package io.deepfm.ml;

import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A stored estimator: its parameters as Spark ML writes them, and its tables of users and items as Parquet. */
final class EstimatorFolder {

    private EstimatorFolder() {}

    /** Writes an estimator. */
    static final class Writer extends MLWriter {

        private final DeepFm estimator;

        Writer(DeepFm estimator) {
            this.estimator = estimator;
        }

        @Override
        public void saveImpl(String path) {
            ModelFolder.save(new DefaultParamsWriter(estimator), path);
            Map.of(Tables.USERS, estimator.users(), Tables.ITEMS, estimator.items())
                    .forEach((name, table) ->
                            table.ifPresent(rows -> rows.write().parquet(new Path(path, name).toString())));
        }
    }

    /** Reads an estimator. */
    static final class Reader extends MLReader<DeepFm> {

        @Override
        public DeepFm load(String path) {
            DeepFm estimator = new DefaultParamsReader<DeepFm>().load(path);
            table(path, Tables.USERS).ifPresent(estimator::setUsers);
            table(path, Tables.ITEMS).ifPresent(estimator::setItems);
            return estimator;
        }

        private Optional<Dataset<Row>> table(String path, String name) {
            Path folder = new Path(path, name);
            Storage storage = DeepFmModel.storage(sparkSession());
            return storage.exists(folder)
                    ? Optional.of(sparkSession().read().parquet(folder.toString()))
                    : Optional.empty();
        }
    }
}
