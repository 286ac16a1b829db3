package io.deepfm.metrics;

/** The AUC over the held-out interactions alone. */
public final class HeldOutAuc extends HeldOutMetric {

    @Override
    public String name() {
        return "auc_heldout";
    }

    @Override
    double of(float[] logits, int[] labels) {
        return Auc.of(logits, labels);
    }
}
