package io.deepfm.cli;

import io.deepfm.data.ParquetTables;
import io.deepfm.data.SavedDataset;
import io.deepfm.model.SavedModel;
import io.deepfm.scoring.RowPredictor;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** A file of interactions and a model to probabilities. */
final class PredictJob {

    private final Session session;
    private final Path modelFolder;

    PredictJob(Session session, Path modelFolder) {
        this.session = session;
        this.modelFolder = modelFolder;
    }

    /** Writes the rows of a file with their probabilities; users and items come from files of theirs too. */
    void predict(String input, Optional<String> users, Optional<String> items, Path output) {
        long start = System.nanoTime();
        SavedModel model = SavedModel.read(session.storage(), modelFolder);
        SavedDataset data = SavedDataset.read(session.spark(), session.storage(), modelFolder, model.schema());
        Dataset<Row> predictions = RowPredictor.predict(
                data.interactions(input, users, items),
                model,
                session.config().evaluation().batchSize());
        long rows = ParquetTables.write(predictions, output);
        double seconds = (System.nanoTime() - start) / 1e9;
        session.console()
                .stage(
                        "predict",
                        String.format(Locale.ROOT, "%,d rows, %,.0f per second", rows, rows / seconds),
                        seconds,
                        false);
    }
}
