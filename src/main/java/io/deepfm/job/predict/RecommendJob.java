package io.deepfm.job.predict;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Session;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.scoring.Recommender;
import io.deepfm.scoring.saved.SavedDataset;
import io.deepfm.storage.DataException;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/** A model to the best items of its catalogue for each user. */
public final class RecommendJob {

    private final Session session;
    private final Path modelFolder;

    public RecommendJob(Session session, Path modelFolder) {
        this.session = session;
        this.modelFolder = modelFolder;
    }

    /**
     * Writes the best items for the users of a file, or else for all users of the model; their histories come from a file of
     * interactions, or else from those that the model keeps.
     */
    public void recommend(
            Optional<String> usersFile,
            Optional<String> history,
            int top,
            boolean includeSeen,
            boolean csv,
            Path output) {
        long start = System.nanoTime();
        SavedModel model = SavedModel.read(session.storage(), modelFolder);
        if (model.schema().fields(FieldGroup.ITEM).isEmpty()) {
            throw new DataException(
                    "The model " + modelFolder + " has no item features, so it cannot tell items apart.");
        }
        SavedDataset data = SavedDataset.read(session.spark(), session.storage(), modelFolder, model.schema())
                .withHistory(history);
        FeatureTable items = FeatureTable.read(
                session.storage(), new Path(modelFolder, Tables.ITEMS), model.schema(), FieldGroup.ITEM);
        Dataset<Row> best = Recommender.recommend(
                withSeen(data.withContexts(users(data, usersFile)), data, includeSeen),
                data.tables().savedItems().select(Tables.ITEM_INDEX, Tables.ITEM_KEY),
                model,
                items,
                top,
                session.config().evaluation().batchSize());
        long rows = write(best, csv, output);
        double seconds = (System.nanoTime() - start) / 1e9;
        session.listener()
                .onStage(
                        "recommend",
                        String.format(Locale.ROOT, "%,d rows, from %,d items for each user", rows, items.rows()),
                        seconds,
                        false);
    }

    /** The users, their positions in the output, and their indices if the model knows them. */
    private static Dataset<Row> users(SavedDataset data, Optional<String> file) {
        Dataset<Row> saved = data.tables().savedUsers();
        return file.map(name -> data.tables()
                        .usersOf(name)
                        .withColumnRenamed(SavedDataset.LINE, Recommender.POSITION)
                        .join(saved.select(Tables.USER_KEY, Tables.USER_INDEX), new String[] {Tables.USER_KEY}, "left"))
                .orElse(saved.withColumn(
                        Recommender.POSITION, col(Tables.USER_INDEX).cast("long")));
    }

    private static Dataset<Row> withSeen(Dataset<Row> users, SavedDataset data, boolean includeSeen) {
        return includeSeen
                ? users.withColumn(Tables.ITEM_INDICES, lit(null).cast("array<int>"))
                : users.join(data.seen(), new String[] {Tables.USER_INDEX}, "left");
    }

    private static long write(Dataset<Row> best, boolean csv, Path output) {
        if (!csv) {
            return ParquetTables.write(best, output);
        }
        // Not to score again for the second form.
        Dataset<Row> kept = best.persist(StorageLevel.DISK_ONLY());
        try {
            long rows = ParquetTables.write(kept, output);
            kept.write().option("header", true).csv(new Path(output, "csv").toString());
            return rows;
        } finally {
            kept.unpersist();
        }
    }
}
