package io.deepfm.job.explain;

import io.deepfm.explanation.ModelExplanation;
import io.deepfm.job.Session;
import io.deepfm.job.facts.ExplanationReader;
import io.deepfm.job.training.TrainingData;
import io.deepfm.model.io.SavedModel;
import io.deepfm.report.explanation.ExplanationJson;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Checksums;
import io.deepfm.training.validation.ListSample;
import org.apache.hadoop.fs.Path;

/** A model and validation's candidate lists to {@code explain.json}. */
public final class ExplainJob {

    private final Session session;
    private final Path modelFolder;

    public ExplainJob(Session session, Path modelFolder) {
        this.session = session;
        this.modelFolder = modelFolder;
    }

    /**
     * Finds out what matters to the model, and writes it.
     *
     * @param candidates of how many candidates whole lists are read, about; 0 for all
     * @param repeats how often each field is shuffled
     * @return what matters
     * @throws io.deepfm.storage.DataException if the model is of other data
     */
    public ModelExplanation explain(long candidates, int repeats) {
        long start = System.nanoTime();
        session.work().require("candidates", "sample");
        Checksums.verify(session.storage(), modelFolder);
        new TrainingData(session.spark(), session.work(), modelFolder).requireSame();
        Path lists = session.work().path(Tables.CANDIDATES + "/" + Tables.VALIDATION);
        ModelExplanation explanation = new ExplanationReader(session.storage(), session.config(), lists)
                .of(modelFolder, new ListSample.Bounds(candidates, 0), repeats);
        session.storage()
                .write(
                        session.run().explanation(),
                        ExplanationJson.of(
                                explanation,
                                SavedModel.read(session.storage(), modelFolder).fingerprint()));
        session.listener().onStage("explain", explanation.sample(), (System.nanoTime() - start) / 1e9, false);
        return explanation;
    }
}
