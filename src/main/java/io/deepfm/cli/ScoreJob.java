package io.deepfm.cli;

import io.deepfm.config.DatasetDefinition;
import io.deepfm.config.Located;
import io.deepfm.data.ParquetTables;
import io.deepfm.model.SavedModel;
import io.deepfm.scoring.CandidateTransformer;
import io.deepfm.scoring.RankingJob;
import io.deepfm.storage.Manifest;
import io.deepfm.storage.Storage;
import io.deepfm.storage.Tables;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The model and the candidate lists to rankings. */
final class ScoreJob {

    private final Session session;

    ScoreJob(Session session) {
        this.session = session;
    }

    /** Scores the lists of both held-out splits with the model of a folder. */
    void score(Path modelFolder) {
        Manifest candidates = session.work().require("candidates", "sample");
        long start = System.nanoTime();
        SavedModel model = SavedModel.read(session.storage(), modelFolder);
        // One for both splits, so that the model travels once.
        CandidateTransformer transformer = new CandidateTransformer()
                .setModelUrl(modelFolder.toString())
                .setBatchSize(session.config().evaluation().batchSize());
        long scored = 0;
        Path temporary = Storage.temporary(session.run().rankings());
        try {
            for (String split : List.of(Tables.VALIDATION, Tables.TEST)) {
                rankings(split, model, transformer).write().parquet(new Path(temporary, split).toString());
                scored += candidates.rows(split + "_candidates");
            }
            session.storage().move(temporary, session.run().rankings());
        } finally {
            session.storage().delete(temporary);
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        session.time("score", seconds);
        session.console()
                .stage(
                        "score",
                        String.format(Locale.ROOT, "%,d candidates, %,.0f per second", scored, scored / seconds),
                        seconds,
                        false);
    }

    private Dataset<Row> rankings(String split, SavedModel model, CandidateTransformer transformer) {
        DatasetDefinition dataset = session.dataset();
        return RankingJob.rank(
                table(Tables.CANDIDATES + "/" + split),
                table(Tables.USERS),
                dataset.user().map(Located::text).orElse(Tables.USER_ROW),
                table(Tables.ITEMS),
                dataset.item().map(Located::text).orElse(Tables.ITEM_ROW),
                model.schema(),
                transformer);
    }

    private Dataset<Row> table(String name) {
        return ParquetTables.read(session.spark(), session.work().path(name));
    }
}
