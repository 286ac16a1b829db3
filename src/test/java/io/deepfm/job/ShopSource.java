package io.deepfm.job;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.progress.JobListener;
import io.deepfm.schema.Tables;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** What customers bought, from a source that an application's session knows. */
final class ShopSource {

    private ShopSource() {}

    /**
     * Runs the stages up to encode.
     *
     * @param spark the application's session
     * @param folder below which all is written
     * @param work the name of the work directory
     * @param source of rows with customer, sku and at
     * @return how many interactions were encoded
     */
    static long encoded(SparkSession spark, Path folder, String work, String source) {
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
        try (Session session = Session.within("test", config, spark, JobListener.NONE)) {
            new DataJob(session).encode();
        }
        return spark.read()
                .parquet(folder.resolve(work + "/" + Tables.INTERACTIONS).toString())
                .count();
    }
}
