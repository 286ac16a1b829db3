package io.deepfm.config;

/**
 * The training loop.
 *
 * @param batchSize rows per step
 * @param epochs the most epochs to train
 * @param lr the initial learning rate
 * @param loss the name of what training makes small
 * @param optimizer the name of the update rule
 * @param weightDecay L2 term of Adam, Adagrad and SGD, decoupled decay of AdamW
 * @param momentum momentum of SGD
 * @param scheduler how the learning rate changes from epoch to epoch
 * @param schedulerFactor reduce_on_plateau: what the learning rate is multiplied by
 * @param schedulerPatience reduce_on_plateau: epochs without improvement that are borne
 * @param earlyStoppingPatience epochs without improvement after which training stops
 * @param metric the name of the validation metric that early stopping and the best checkpoint watch
 * @param gradientClipNorm the largest global gradient norm; 0 switches clipping off
 * @param emaDecay of the weights' exponential moving average, evaluated and stored in their place; 0 switches it off
 * @param embeddingUpdates which rows of the embedding tables a step moves
 * @param numThreads torch threads on CPU; 0 means one per core. Results are repeatable for a fixed number
 * @param warmStart the folder of an earlier model to start from, any Hadoop path; empty for the seed's random weights
 */
public record TrainingConfig(
        int batchSize,
        int epochs,
        double lr,
        String loss,
        String optimizer,
        double weightDecay,
        double momentum,
        SchedulerName scheduler,
        double schedulerFactor,
        int schedulerPatience,
        int earlyStoppingPatience,
        String metric,
        double gradientClipNorm,
        double emaDecay,
        EmbeddingUpdates embeddingUpdates,
        int numThreads,
        String warmStart) {

    /** The learning-rate schedules. */
    public enum SchedulerName {
        REDUCE_ON_PLATEAU,
        COSINE,
        NONE
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
        Require.that(
                emaDecay >= 0 && emaDecay < 1, "ema_decay", "must be at least 0 and less than 1, found " + emaDecay);
        Require.atLeast("num_threads", numThreads, 0);
    }
}
