package io.deepfm.ml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.struct;

import io.deepfm.data.InternalRows;
import io.deepfm.data.StageSql;
import io.deepfm.data.read.TableReader;
import io.deepfm.inference.FeatureTable;
import io.deepfm.ml.column.InputColumns;
import io.deepfm.ml.param.DeepFmParams;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.scoring.Catalogue;
import io.deepfm.scoring.Recommender;
import io.deepfm.scoring.RowScores;
import io.deepfm.scoring.saved.SavedDataset;
import io.deepfm.scoring.task.ExecutorScorer;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A model's folder that has been read and checked.
 *
 * @param spark the application's session
 * @param stages the session of what the model reads and gives
 * @param storage the file systems
 * @param folder the model's folder
 * @param model architecture and weights
 * @param data vocabularies, users and items
 * @param scorers what was sent to the executors to score rows, by the most rows per forward pass
 */
record OpenModel(
        SparkSession spark,
        SparkSession stages,
        Storage storage,
        Path folder,
        SavedModel model,
        SavedDataset data,
        Map<Integer, ExecutorScorer> scorers) {

    static OpenModel of(SparkSession spark, Storage storage, Path folder) {
        SavedModel model = SavedModel.read(storage, folder);
        SparkSession stages = StageSql.session(spark);
        return new OpenModel(
                spark,
                stages,
                storage,
                folder,
                model,
                SavedDataset.read(stages, storage, folder, model.schema()),
                new ConcurrentHashMap<>());
    }

    boolean serves(SparkSession other) {
        return spark == other && !spark.sparkContext().isStopped();
    }

    /**
     * The log-odds of rows.
     *
     * @param rows raw values, and whatever else
     * @param params what the keys are called, and the most rows per forward pass
     * @return {@link SavedDataset#RAW}: the rows as they came; {@link RowScores#LOGIT} and marks
     */
    Dataset<Row> scored(Dataset<Row> rows, DeepFmParams<?> params) {
        StructType schema = rows.schema();
        List<Column> columns = new ArrayList<>();
        columns.add(struct(Arrays.stream(schema.fieldNames())
                        .map(name -> col(TableReader.quoted(name)))
                        .toArray(Column[]::new))
                .as(SavedDataset.RAW));
        List<Column> converted = new ArrayList<>(List.of(col(SavedDataset.RAW)));
        for (StructField trained : InputColumns.trained(data.definition()).fields()) {
            String name = TableReader.quoted(trained.name());
            InputColumns.find(schema, InputColumns.named(trained.name(), data.definition(), params))
                    .ifPresent(found -> {
                        columns.add(col(TableReader.quoted(found.name())).as(trained.name()));
                        // What does not fit is a value that training never saw.
                        converted.add(expr("try_cast(" + name + " AS "
                                        + trained.dataType().sql() + ")")
                                .as(trained.name()));
                    });
        }
        Dataset<Row> read = InternalRows.in(stages, rows.select(columns.toArray(Column[]::new)));
        return RowScores.of(
                StageSql.within(stages, () -> data.interactions(read.select(converted.toArray(Column[]::new)))),
                scorers.computeIfAbsent(
                        params.getBlockSize(), size -> ExecutorScorer.share(stages, model, Map.of(), size)),
                model.schema(),
                params.getBlockSize());
    }

    /** Refuses what only a recommender can do. */
    OpenModel requireUsersAndItems() {
        if (!data.definition().hasUsersAndItems()) {
            throw new DataException("The model " + folder + " classifies clicks: it has no users and items.");
        }
        if (model.schema().fields(FieldGroup.ITEM).isEmpty()) {
            throw new DataException("The model " + folder + " has no item features, so it cannot tell items apart.");
        }
        return this;
    }

    /** Users as recommendations want them. */
    Dataset<Row> asking(Dataset<Row> savedUsers, boolean includeSeen) {
        Dataset<Row> users = savedUsers.withColumn(
                Recommender.POSITION, col(Tables.USER_INDEX).cast("long"));
        return data.withSeen(StageSql.within(stages, () -> data.withContexts(users)), includeSeen);
    }

    /** All items. */
    Catalogue catalogue() {
        FeatureTable features =
                FeatureTable.read(storage, new Path(folder, Tables.ITEMS), model.schema(), FieldGroup.ITEM);
        return new Catalogue(
                data.tables().savedItems().select(Tables.ITEM_INDEX, Tables.ITEM_KEY),
                IntStream.range(0, features.rows()).toArray(),
                features);
    }
}
