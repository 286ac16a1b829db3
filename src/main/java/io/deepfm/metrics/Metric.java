package io.deepfm.metrics;

import io.deepfm.config.Extension;
import io.deepfm.config.Registry;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.Map;

/**
 * What is measured over the candidate lists of a split; {@code training.metric} chooses the one that training watches.
 *
 * @param <S> the settings it reads
 */
public interface Metric<S extends Record> extends Extension<S> {

    /** Adds lists up. It need not be safe for many threads: lists come one by one, in one order on every machine. */
    interface Tally {

        /**
         * Adds a list.
         *
         * @param list its summary
         */
        void add(Summary list);

        /**
         * The values so far.
         *
         * @return one under the metric's name, or several under {@code name@K}; NaN where it is not defined
         */
        Map<String, Double> values();
    }

    /**
     * Which way is better.
     *
     * @return false for a loss
     */
    boolean higherIsBetter();

    /**
     * Whether it compares the held-out item with others, and so says nothing where no list has negatives.
     *
     * @return true for a metric of rankings
     */
    boolean needsNegatives();

    /**
     * Begins to measure.
     *
     * @param settings the settings
     * @param catalogue the number of all items, whether or not any list has them
     * @return a tally of no list
     */
    Tally start(S settings, int catalogue);

    /**
     * The metrics on the classpath.
     *
     * @return by name
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static Registry<Metric<?>> registry() {
        return new Registry("training.metric", Metric.class);
    }
}
