package io.deepfm.explanation;

import java.util.List;
import java.util.Locale;

/**
 * What matters to a model, over a sample of the validation split's candidate lists.
 *
 * @param metric the monitored metric, which the fields' importance is about
 * @param value its value without shuffling; NaN where it is not defined over the sample
 * @param lists how many lists
 * @param allLists how many there are
 * @param candidates how many candidates the lists have together
 * @param fields the most important first
 * @param interactions of pairs of fields
 */
public record ModelExplanation(
        String metric,
        double value,
        int lists,
        long allLists,
        int candidates,
        List<FieldImportance> fields,
        Interactions interactions) {

    /**
     * Over what it is, in words.
     *
     * @return such as "273 of 943 lists with 1,000 candidates each"
     */
    public String sample() {
        long each = Math.round(candidates / (double) Math.max(1, lists));
        return String.format(
                Locale.ROOT,
                each == 1 ? "%,d of %,d rows" : "%,d of %,d lists with %,d candidates each",
                lists,
                allLists,
                each);
    }
}
