package io.deepfm.job.progress;

/**
 * How far some work is.
 *
 * @param task what is done, such as {@code encode} or {@code epoch  3}
 * @param done how much of it is done
 * @param all the whole
 * @param unit what both are counted in
 * @param more what else is known at the moment, such as {@code loss 0.5123}, with two spaces between; may be empty
 */
public record Progress(String task, long done, long all, Unit unit, String more) {

    /** What work is counted in. */
    public enum Unit {
        /** Spark's tasks. */
        TASKS,
        /** The trainer's rows. */
        SAMPLES
    }

    /**
     * Whether this tells of the same work, further on.
     *
     * @param earlier what was told before
     * @return false where work of its own has begun
     */
    public boolean continues(Progress earlier) {
        return task.equals(earlier.task) && unit == earlier.unit && done >= earlier.done;
    }
}
