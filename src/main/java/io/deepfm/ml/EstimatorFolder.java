package io.deepfm.ml;

import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

        /** The tables are written before what is replaced is deleted, as it may be where they are read from. */
        @Override
        public void save(String path) throws IOException {
            Storage storage = DeepFmModel.storage(sparkSession());
            Path folder = storage.qualified(new Path(path));
            Path fresh = Storage.temporary(folder);
            Map<String, Dataset<Row>> tables = new TreeMap<>();
            estimator.users().ifPresent(rows -> tables.put(Tables.USERS, rows));
            estimator.items().ifPresent(rows -> tables.put(Tables.ITEMS, rows));
            try {
                tables.forEach((name, rows) -> rows.write().parquet(new Path(fresh, name).toString()));
                super.save(path);
                tables.keySet().forEach(name -> storage.move(new Path(fresh, name), new Path(folder, name)));
            } finally {
                storage.delete(fresh);
            }
        }

        @Override
        public void saveImpl(String path) {
            ModelFolder.save(new DefaultParamsWriter(estimator), path);
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
