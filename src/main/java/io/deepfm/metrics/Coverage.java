package io.deepfm.metrics;

import io.deepfm.config.EvaluationConfig;
import io.deepfm.metrics.CandidateMetrics.Summary;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The catalogue coverage (Ge, Delgado-Battenfeld and Jannach, Beyond accuracy, RecSys 2010): the share of all items that are among
 * the first K of any list, ranked for its held-out item or not. An item that is in no list cannot be there, so the candidates
 * bound it.
 */
public final class Coverage implements Metric<Coverage.Settings> {

    /** The cut-offs. */
    public record Settings(EvaluationConfig evaluation) {}

    @Override
    public String name() {
        return "Coverage";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public boolean higherIsBetter() {
        return true;
    }

    @Override
    public boolean needsNegatives() {
        return true;
    }

    @Override
    public Tally start(Settings settings, int catalogue) {
        List<Integer> ks = settings.evaluation().ks();
        List<BitSet> found = Stream.generate(BitSet::new).limit(ks.size()).toList();
        return new Tally() {
            @Override
            public void add(Summary list) {
                int[] first = list.first();
                for (int i = 0; i < ks.size(); i++) {
                    for (int place = 0; place < Math.min(ks.get(i), first.length); place++) {
                        found.get(i).set(first[place]);
                    }
                }
            }

            @Override
            public Map<String, Double> values() {
                Map<String, Double> values = new LinkedHashMap<>();
                for (int i = 0; i < ks.size(); i++) {
                    values.put(name() + "@" + ks.get(i), found.get(i).cardinality() / (double) catalogue);
                }
                return values;
            }
        };
    }
}
