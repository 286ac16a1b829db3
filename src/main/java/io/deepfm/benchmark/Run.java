package io.deepfm.benchmark;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * A single run.
 *
 * @param round in which round of the benchmark, counted from 1
 * @param system {@link #OURS} or {@link #PYTORCH}
 * @param model the model's name; null where none takes part
 * @param what what was measured
 * @param hashBuckets of the field whose vocabulary is varied; null elsewhere
 * @param perSecond rows per second
 * @param seconds how long it took, without the warm-up
 * @param cpuSeconds of all cores, by the process
 * @param rows training rows, candidates or sampled rows
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Run(
        int round,
        String system,
        String model,
        What what,
        Integer hashBuckets,
        double perSecond,
        double seconds,
        double cpuSeconds,
        long rows) {

    /** This program. */
    public static final String OURS = "deepfm-spark";
    /** Eager PyTorch. */
    public static final String PYTORCH = "pytorch";

    static Run of(int round, String system, Case measured, Measurement took) {
        return new Run(
                round,
                system,
                measured.model(),
                measured.what(),
                measured.hashBuckets(),
                took.rows() / took.seconds(),
                took.seconds(),
                took.cpuSeconds(),
                took.rows());
    }

    /** What was measured, in words. */
    String title() {
        return what + (model == null ? "" : " " + model) + (hashBuckets == null ? "" : " " + hashBuckets);
    }
}
