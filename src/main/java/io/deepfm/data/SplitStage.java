package io.deepfm.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.DataConfig;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Fingerprint;
import io.deepfm.storage.Stage;
import io.deepfm.storage.Tables;
import io.deepfm.storage.WorkDirectory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Leave-one-out: per user and by time, the last interaction is test, the one before it validation, the rest train.
 *
 * <p>Users with fewer than {@code data.min_interactions} are in train only. Ties in time go by the raw file's order.
 */
public final class SplitStage implements Stage {

    private final SparkSession spark;
    private final WorkDirectory work;
    private final DataConfig config;

    /**
     * @param spark the session
     * @param work holds the ingested tables
     * @param config the strategy
     */
    public SplitStage(SparkSession spark, WorkDirectory work, DataConfig config) {
        this.spark = spark;
        this.work = work;
        this.config = config;
    }

    @Override
    public String name() {
        return "split";
    }

    @Override
    public List<String> outputs() {
        return List.of(Tables.SPLIT);
    }

    @Override
    public Map<String, String> inputs() {
        return Map.of("ingest", work.require("ingest", "ingest").fingerprint());
    }

    @Override
    public Fingerprint settings() {
        return new Fingerprint()
                .add("strategy", config.splitStrategy())
                .add("min_interactions", config.minInteractions())
                .addCode(SplitStage.class);
    }

    @Override
    public Map<String, Long> run(Path target) {
        WindowSpec user = Window.partitionBy(Tables.USER_ROW);
        WindowSpec latestFirst =
                user.orderBy(col(Tables.TIME).desc(), col(Tables.INTERACTION).desc());
        Dataset<Row> split = ParquetTables.read(spark, work.path(Tables.INTERACTIONS))
                .withColumn("age", row_number().over(latestFirst))
                .withColumn("interactions", count(lit(1)).over(user))
                .withColumn(
                        "split",
                        when(col("interactions").lt(config.minInteractions()), Tables.TRAIN)
                                .when(col("age").equalTo(1), Tables.TEST)
                                .when(col("age").equalTo(2), Tables.VALIDATION)
                                .otherwise(Tables.TRAIN))
                .select("split", Tables.INTERACTION, Tables.USER_ROW, Tables.ITEM_ROW, Tables.LABEL)
                .persist();
        try {
            Map<String, Long> rows = new LinkedHashMap<>();
            for (String name : Tables.SPLITS) {
                Dataset<Row> part = split.filter(col("split").equalTo(name)).drop("split");
                rows.put(name, ParquetTables.write(part, new Path(target, Tables.SPLIT + "/" + name)));
                rows.put(
                        name + "_positive",
                        part.filter(col(Tables.LABEL).equalTo(1)).count());
            }
            refuseEmpty(rows);
            return rows;
        } finally {
            split.unpersist();
        }
    }

    private void refuseEmpty(Map<String, Long> rows) {
        for (String name : Tables.SPLITS) {
            if (rows.get(name) == 0) {
                throw new DataException("The " + name + " split is empty: no user has data.min_interactions = "
                        + config.minInteractions() + " interactions.");
            }
        }
        if (rows.get("train_positive") == 0) {
            throw new DataException("No training interaction has label 1: is data.label_threshold = "
                    + config.labelThreshold() + " above every value?");
        }
    }
}
