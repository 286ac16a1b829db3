package io.deepfm.job.predict;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Session;
import io.deepfm.model.io.SavedModel;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.scoring.Catalogue;
import io.deepfm.scoring.ItemVectors;
import io.deepfm.scoring.Recommender;
import io.deepfm.scoring.SimilarItems;
import io.deepfm.scoring.saved.SavedDataset;
import io.deepfm.storage.DataException;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;

/** A model to the best items of its catalogue for each user, or to the most similar ones for each item. */
public final class RecommendJob {

    private final Session session;
    private final Path modelFolder;
    private final SavedModel model;
    private final ItemChoice choice;
    private final int top;

    /**
     * @param session what to work with
     * @param modelFolder the model's folder
     * @param choice what may be recommended
     * @param top the most items for each user or item
     */
    public RecommendJob(Session session, Path modelFolder, ItemChoice choice, int top) {
        this.session = session;
        this.modelFolder = modelFolder;
        this.model = SavedModel.read(session.storage(), modelFolder);
        this.choice = choice;
        this.top = top;
        if (model.schema().fields(FieldGroup.ITEM).isEmpty()) {
            throw new DataException(
                    "The model " + modelFolder + " has no item features, so it cannot tell items apart.");
        }
    }

    /**
     * Writes the best items for the users of a file, or else for all users of the model; their histories come from a file of
     * interactions, or else from those that the model keeps.
     */
    public void recommend(
            Optional<String> usersFile,
            Optional<String> history,
            boolean includeSeen,
            boolean explains,
            Output output) {
        long start = System.nanoTime();
        SavedDataset data = data().withHistory(history);
        Catalogue catalogue = choice.of(session, data, features());
        Dataset<Row> best = Recommender.recommend(
                data.withSeen(data.withContexts(users(data, usersFile)), includeSeen),
                catalogue,
                model,
                top,
                session.config().evaluation().batchSize(),
                explains);
        finish(best, output, catalogue, "user", start);
    }

    /** Writes the most similar items for the items of a file. */
    public void similar(String itemsFile, Output output) {
        long start = System.nanoTime();
        SavedDataset data = data();
        FeatureTable features = features();
        Catalogue catalogue = choice.of(session, data, features);
        ItemVectors vectors = ItemVectors.of(model, features, data.itemField());
        Dataset<Row> named = ItemChoice.named(
                itemsFile, data.tables().savedItems().select(Tables.ITEM_INDEX, Tables.ITEM_KEY), session, data);
        Integer[] untrained = named.select(Tables.ITEM_INDEX).as(Encoders.INT()).collectAsList().stream()
                .filter(item -> !vectors.has(item))
                .toArray(Integer[]::new);
        if (untrained.length > 0) {
            session.listener()
                    .onDetail(String.format(
                            Locale.ROOT,
                            "%,d items of %s are ignored: train never saw them, or too rarely for an id and a vector of their own",
                            untrained.length,
                            itemsFile));
        }
        Dataset<Row> asked = named.filter(not(col(Tables.ITEM_INDEX).isin((Object[]) untrained)))
                .withColumnRenamed(SavedDataset.LINE, Recommender.POSITION);
        finish(SimilarItems.nearest(asked, catalogue, vectors, top), output, catalogue, "item", start);
    }

    private SavedDataset data() {
        return SavedDataset.read(session.spark(), session.storage(), modelFolder, model.schema());
    }

    private FeatureTable features() {
        return FeatureTable.read(
                session.storage(), new Path(modelFolder, Tables.ITEMS), model.schema(), FieldGroup.ITEM);
    }

    private void finish(Dataset<Row> best, Output output, Catalogue catalogue, String whom, long start) {
        long rows = output.write(best);
        session.listener()
                .onStage(
                        "recommend",
                        String.format(
                                Locale.ROOT,
                                "%,d rows, from %,d items for each %s",
                                rows,
                                catalogue.indices().length,
                                whom),
                        (System.nanoTime() - start) / 1e9,
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
}
