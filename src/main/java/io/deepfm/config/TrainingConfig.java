package io.deepfm.config;

/**
 * The training loop.
 *
 * @param batchSize rows per step
 * @param epochs the most epochs to train
 * @param lr the initial learning rate
 * @param optimizer the update rule
 * @param weightDecay L2 term of Adam and SGD, decoupled decay of AdamW
 * @param momentum momentum of SGD
 * @param scheduler how the learning rate changes from epoch to epoch
 * @param schedulerFactor reduce_on_plateau: what the learning rate is multiplied by
 * @param schedulerPatience reduce_on_plateau: epochs without improvement that are borne
 * @param earlyStoppingPatience epochs without improvement after which training stops
 * @param metric the validation metric that early stopping and the best checkpoint watch
 * @param gradientClipNorm the largest global gradient norm; 0 switches clipping off
 * @param numThreads torch threads on CPU; 0 means one per core. Results are repeatable for a fixed number
 * @param warmStart the folder of an earlier model to start from, any Hadoop path; empty for the seed's random weights
 */
public record TrainingConfig(
        int batchSize,
        int epochs,
        double lr,
        OptimizerName optimizer,
        double weightDecay,
        double momentum,
        SchedulerName scheduler,
        double schedulerFactor,
        int schedulerPatience,
        int earlyStoppingPatience,
        WatchedMetric metric,
        double gradientClipNorm,
        int numThreads,
        String warmStart) {

    /** The update rules. */
    public enum OptimizerName {
        ADAM,
        ADAMW,
        SGD
    }

    /** The learning-rate schedules. */
    public enum SchedulerName {
        REDUCE_ON_PLATEAU,
        COSINE,
        NONE
    }

    /** The validation metrics that training can watch. */
    public enum WatchedMetric {
        AUC,
        LOGLOSS;

        /**
         * Whether {@code value} is better than {@code best}.
         *
         * @param value a new value
         * @param best the best so far, NaN when there is none
         * @return true if it improves
         */
        public boolean improves(double value, double best) {
            return !Double.isNaN(value) && (Double.isNaN(best) || (this == AUC ? value > best : value < best));
        }
    }

    /** Checks ranges. */
    public TrainingConfig {
        Require.atLeast("batch_size", batchSize, 2);
        Require.atLeast("epochs", epochs, 1);
        Require.above("lr", lr, 0);
        Require.atLeast("weight_decay", weightDecay, 0);
        Require.within("momentum", momentum, 0, 1);
        Require.that(
                schedulerFactor > 0 && schedulerFactor < 1,
                "scheduler_factor",
                "must lie between 0 and 1, found " + schedulerFactor);
        Require.atLeast("scheduler_patience", schedulerPatience, 0);
        Require.atLeast("early_stopping_patience", earlyStoppingPatience, 1);
        Require.atLeast("gradient_clip_norm", gradientClipNorm, 0);
        Require.atLeast("num_threads", numThreads, 0);
    }
}
