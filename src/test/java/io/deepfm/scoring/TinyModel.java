package io.deepfm.scoring;

import ai.djl.ndarray.NDManager;
import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Configurations;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.Models;
import io.deepfm.model.io.SavedModel;
import io.deepfm.model.io.TensorFile;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A model with one field per group, whose users and items have ids of their own, stored with its tables. */
public final class TinyModel {

    public static final FieldSchema WHO = FieldSchema.sparse("who", FieldGroup.USER, 4, 3);
    public static final FieldSchema WHAT = FieldSchema.sparse("what", FieldGroup.ITEM, 6, 3);
    public static final FieldSchema HOUR = FieldSchema.sparse("hour", FieldGroup.CONTEXT, 4, 3);

    /** The ids of the rows of the tables: row 2 of the users is unknown, as is row 0 of the items. */
    public static final int[] USER_IDS = {3, 1, 0};

    public static final int[] ITEM_IDS = {0, 5, 2, 1, 4};

    private static final ModelConfig CONFIG = ModelConfig.of(Configurations.defaults("dnn.hidden_units=[4]"));

    final DatasetSchema schema;
    public final SavedModel saved;
    private final SparkSession spark;

    public TinyModel(SparkSession spark, long seed, FieldSchema... fields) {
        this.spark = spark;
        schema = new DatasetSchema(List.of(fields), "label");
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = Models.create(manager, schema, CONFIG, seed);
            saved = SavedModel.of(
                    CONFIG, schema, TensorFile.copy(model.parameters().values()));
        }
    }

    public static SparkSession spark() {
        return SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.sql.shuffle.partitions", "3")
                .getOrCreate();
    }

    /** Stores the model and its tables. */
    TinyModel write(Path folder) {
        saved.write(new Storage(spark.sparkContext().hadoopConfiguration()), hadoop(folder));
        table(Tables.USER_INDEX, "who", USER_IDS)
                .write()
                .parquet(folder.resolve(Tables.USERS).toString());
        table(Tables.ITEM_INDEX, "what", ITEM_IDS)
                .write()
                .parquet(folder.resolve(Tables.ITEMS).toString());
        return this;
    }

    /** The logits of one user's items by one forward pass over plain ids. */
    float[] logits(int userIndex, int hour, int... itemIndices) {
        try (NDManager manager = NDManager.newBaseManager()) {
            int count = itemIndices.length;
            int[] items = IntStream.of(itemIndices).map(row -> ITEM_IDS[row]).toArray();
            Map<FieldGroup, FeatureTable> all = Map.of(
                    FieldGroup.USER, table(IntStream.generate(() -> USER_IDS[userIndex]), count),
                    FieldGroup.ITEM, table(IntStream.of(items), count),
                    FieldGroup.CONTEXT, table(IntStream.generate(() -> hour), count));
            return Models.logits(manager, saved.load(manager), all, false);
        }
    }

    private static FeatureTable table(IntStream ids, int count) {
        return new FeatureTable(count, ids.limit(count).toArray(), new float[0]);
    }

    private Dataset<Row> table(String rowColumn, String field, int[] ids) {
        StructType type = new StructType().add(rowColumn, DataTypes.IntegerType).add(field, DataTypes.IntegerType);
        List<Row> rows = new ArrayList<>();
        for (int row = 0; row < ids.length; row++) {
            rows.add(RowFactory.create(row, ids[row]));
        }
        return spark.createDataFrame(rows, type);
    }

    static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path(path.toString());
    }
}
