package io.deepfm.job;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.progress.JobListener;
import io.deepfm.schema.Tables;
import java.nio.file.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * A shop's purchases, each a customer, a sku and a time, encoded from any source.
 *
 * @param spark the application's
 * @param folder where the work directories are
 */
record Purchases(SparkSession spark, Path folder) {

    /** Ten customers with six of twelve things each, in Spark SQL. */
    static final String ROWS =
            "SELECT id % 10 AS customer, concat('s', (id * 7 + id div 10) % 12) AS sku, id AS at FROM range(60)";

    void encode(String work, String source, JobListener listener) {
        ExperimentConfig config = Configurations.defaults(
                "data.dataset_name=shop",
                "data.auto_download=false",
                "work_dir=" + folder.resolve(work),
                "output_dir=" + folder.resolve(work + "-run"),
                "dataset.interactions=" + source,
                "dataset.user=customer",
                "dataset.item=sku",
                "dataset.time=at",
                "dataset.features=[{ name = customer, type = sparse, group = user }, { name = sku, type = sparse, group = item }]");
        try (Session session = Session.within("test", config, spark, listener)) {
            new DataJob(session).encode();
        }
    }

    /** How many interactions were encoded. */
    long encoded(String work, String source) {
        encode(work, source, JobListener.NONE);
        return interactions(work).count();
    }

    Dataset<Row> interactions(String work) {
        return spark.read()
                .parquet(folder.resolve(work + "/" + Tables.INTERACTIONS).toString());
    }
}
