package io.deepfm.training;

import java.util.Map;

/**
 * How an epoch went.
 *
 * @param epoch counted from 1
 * @param learningRate its learning rate
 * @param trainLoss the mean loss of its rows
 * @param validation validation metrics by name
 * @param best whether it is the best so far
 * @param rows its training rows
 * @param trainSeconds the time of its steps, reading and waiting included
 * @param waitSeconds the part of it in which the trainer waited for data
 * @param validationSeconds the time of scoring the validation candidates
 */
public record EpochResult(
        int epoch,
        double learningRate,
        double trainLoss,
        Map<String, Double> validation,
        boolean best,
        long rows,
        double trainSeconds,
        double waitSeconds,
        double validationSeconds) {}
