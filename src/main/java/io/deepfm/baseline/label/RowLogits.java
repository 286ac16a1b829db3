package io.deepfm.baseline.label;

import java.io.Serializable;
import org.apache.spark.ml.linalg.Vector;

/** A fitted method, which travels to the executors. Threads share it, so {@link #of} must not change it. */
@FunctionalInterface
public interface RowLogits extends Serializable {

    /**
     * The logit of a row.
     *
     * @param features what {@link FeatureVectors} made of it
     * @return log(p / (1 - p)) of the probability p of label 1
     */
    double of(Vector features);
}
