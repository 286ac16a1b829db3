package io.deepfm.ml.fit;

import io.deepfm.job.progress.JobListener;
import io.deepfm.job.progress.Progress;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the application's log how a fit comes along. */
public final class LoggedProgress implements JobListener {

    private static final Logger LOG = LoggerFactory.getLogger("io.deepfm.ml.DeepFm");

    @Override
    public void onStage(String name, String what, double seconds, boolean upToDate) {
        LOG.info("{}: {}, {}", name, what, upToDate ? "up to date" : String.format(Locale.ROOT, "%.1f s", seconds));
    }

    @Override
    public void onDetail(String what) {
        LOG.info(what);
    }

    @Override
    public void onProgress(Progress progress) {
        LOG.debug("{}", progress);
    }
}
