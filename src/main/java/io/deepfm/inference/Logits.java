package io.deepfm.inference;

import io.deepfm.model.CtrModel;

/**
 * What a model gives candidates.
 *
 * @param ranking what ranks them
 * @param interact the logits of interacting with them
 * @param like the logits of liking them, which are those of the label
 */
public record Logits(float[] ranking, float[] interact, float[] like) {

    /**
     * The logits of a model, which with one head are all the same.
     *
     * <pre>ranking = interact + w log sigmoid(like)</pre>
     *
     * <p>The log of the probability of interaction would rank worse in the place of its logit: it hardly tells large ones apart.
     *
     * @param rows N rows of H logits
     * @param heads H
     * @param likeWeight w
     * @return N logits each
     */
    static Logits of(float[] rows, int heads, double likeWeight) {
        if (heads == 1) {
            return new Logits(rows, rows, rows);
        }
        int count = rows.length / heads;
        float[] ranking = new float[count];
        float[] interact = new float[count];
        float[] like = new float[count];
        for (int i = 0; i < count; i++) {
            interact[i] = rows[heads * i];
            like[i] = rows[heads * i + 1];
            ranking[i] = (float) (interact[i] + likeWeight * logSigmoid(like[i]));
        }
        return new Logits(ranking, interact, like);
    }

    private static double logSigmoid(double x) {
        return Math.min(x, 0) - Math.log1p(Math.exp(-Math.abs(x)));
    }

    /**
     * The probability of label 1.
     *
     * @param row a candidate's place
     * @return with two heads, of interacting and liking
     */
    public double probability(int row) {
        double likes = CtrModel.probability(like[row]);
        return interact == like ? likes : CtrModel.probability(interact[row]) * likes;
    }

    /**
     * The log-odds of label 1.
     *
     * @param row a candidate's place
     * @return the logit of the {@link #probability}
     */
    public double logOdds(int row) {
        if (interact == like) {
            return like[row];
        }
        // log p / (1 - p) of p = sigmoid(a) sigmoid(b), without a difference of numbers near 1.
        double a = interact[row];
        double b = like[row];
        return -Math.log(Math.exp(-a) + Math.exp(-b) + Math.exp(-a - b));
    }
}
