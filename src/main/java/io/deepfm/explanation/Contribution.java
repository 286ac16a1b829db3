package io.deepfm.explanation;

import java.util.Comparator;
import java.util.List;

/**
 * What a field or a pair of fields adds to a logit.
 *
 * @param term by which part of the model
 * @param fields the names of the fields: one, two of a pair, none for what no field adds
 * @param value above or below 0, in units of the logit
 */
public record Contribution(Term term, List<String> fields, double value) {

    /** The parts of a model. */
    public enum Term {
        /** The model's bias and what the deep part gives where all vectors are 0. */
        BIAS,
        /** A field's linear term, exactly. */
        FIRST_ORDER,
        /** The product of two fields' vectors in the factorization machine, exactly. */
        PAIR,
        /** The deep part, by integrated gradients. */
        DEEP,
        /** What integrated gradients could not attribute to a field. */
        REST
    }

    /** The largest first, whatever their sign. */
    static final Comparator<Contribution> LARGEST_FIRST = Comparator.comparingDouble(
                    (Contribution one) -> Math.abs(one.value))
            .reversed();
}
