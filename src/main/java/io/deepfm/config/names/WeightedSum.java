package io.deepfm.config.names;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sum of named values, each times a weight, as a setting writes it: {@code "NDCG@10 + 0.5 * auc_heldout"}, or one name.
 *
 * @param terms at least one
 */
public record WeightedSum(List<Term> terms) {

    /**
     * A part of the sum.
     *
     * @param weight what the value is multiplied by; 1 where none is written
     * @param name the value's name
     */
    public record Term(double weight, String name) {}

    private static final Pattern TERM =
            Pattern.compile("\\s*(?:(-?[0-9.]+(?:[eE]-?[0-9]+)?)\\s*\\*)?\\s*([^*\\s]+)\\s*");

    /** Copies the list. */
    public WeightedSum {
        terms = List.copyOf(terms);
    }

    /**
     * Reads a sum.
     *
     * @param text names with or without weights, with {@code +} between them
     * @return its terms; what is no term is a name as it stands
     */
    public static WeightedSum parse(String text) {
        List<Term> terms = new ArrayList<>();
        for (String part : text.split("\\+")) {
            Matcher term = TERM.matcher(part);
            if (!term.matches()) {
                return new WeightedSum(List.of(new Term(1, text)));
            }
            terms.add(new Term(term.group(1) == null ? 1 : Double.parseDouble(term.group(1)), term.group(2)));
        }
        return new WeightedSum(terms);
    }

    /**
     * Whether it is a single value as it stands.
     *
     * @return true for a name without a weight
     */
    public boolean isName() {
        return terms.size() == 1 && terms.get(0).weight() == 1;
    }
}
