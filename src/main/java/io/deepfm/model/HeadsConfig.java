package io.deepfm.model;

import io.deepfm.config.Default;
import io.deepfm.config.Require;
import java.util.OptionalDouble;

/**
 * What a model answers. With one head, whether the label of a row is 1. With two, whether a user will interact with an item at
 * all, and whether they will like it if they do: the first learns 1 of every observed row and 0 of sampled ones, the second
 * the label, of observed rows alone.
 *
 * @param heads how many
 * @param likeWeight with two heads, what log p(like) weighs beside the logit of interaction in the ranking; a number or
 *     {@code auto}, which is chosen on validation
 */
public record HeadsConfig(@Default("one") Count heads, @Default("auto") String likeWeight) {

    /** The numbers of heads. */
    public enum Count {
        ONE,
        TWO
    }

    /** The name of the section. */
    static final String SECTION = "model";

    /** One head. */
    static final HeadsConfig ONE = new HeadsConfig(Count.ONE, "auto");

    /** Checks the weight. */
    public HeadsConfig {
        Require.that(
                likeWeight.equals("auto") || isWeight(likeWeight),
                "like_weight",
                "must be auto or a number of at least 0, found " + likeWeight);
    }

    private static boolean isWeight(String text) {
        try {
            double weight = Double.parseDouble(text);
            return weight >= 0 && Double.isFinite(weight);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /**
     * The weight, where it is given.
     *
     * @return empty for {@code auto}
     */
    public OptionalDouble weight() {
        return likeWeight.equals("auto") ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(likeWeight));
    }

    /**
     * The number of logits.
     *
     * @return H
     */
    public int count() {
        return heads == Count.ONE ? 1 : 2;
    }
}
