package io.deepfm.job.predict;

import io.deepfm.job.Session;
import io.deepfm.model.io.SavedModel;
import io.deepfm.scoring.RowPredictor;
import io.deepfm.scoring.saved.SavedDataset;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A file of interactions and a model to probabilities. */
public final class PredictJob {

    private final Session session;
    private final Path modelFolder;

    public PredictJob(Session session, Path modelFolder) {
        this.session = session;
        this.modelFolder = modelFolder;
    }

    /**
     * Writes the rows of a file with their probabilities, and explains them where that is wanted;
     * users, items and what happened before come from files of theirs too.
     */
    public void predict(
            String input,
            Optional<String> users,
            Optional<String> items,
            Optional<String> history,
            boolean explains,
            Output output) {
        long start = System.nanoTime();
        SavedModel model = SavedModel.read(session.storage(), modelFolder);
        SavedDataset data = SavedDataset.read(session.spark(), session.storage(), modelFolder, model.schema())
                .withHistory(history);
        Dataset<Row> predictions = RowPredictor.predict(
                data.interactions(input, users, items),
                model,
                session.config().evaluation().batchSize(),
                explains);
        long rows = output.write(predictions);
        double seconds = (System.nanoTime() - start) / 1e9;
        session.listener()
                .onStage(
                        "predict",
                        String.format(Locale.ROOT, "%,d rows, %,.0f per second", rows, rows / seconds),
                        seconds,
                        false);
    }
}
