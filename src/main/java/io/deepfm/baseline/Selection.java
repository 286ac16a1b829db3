package io.deepfm.baseline;

import io.deepfm.config.ExperimentConfig;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Finds the variant of each baseline that ranks the validation lists best; none is fitted before it is asked for. */
final class Selection {

    /** A baseline with the best of its settings; without scores where it cannot be used, and why. */
    record Chosen(Map<String, Object> settings, ItemScores scores, Optional<String> refusal) {}

    private final BaselineData data;
    private final BaselineMetrics validation;
    private final ExperimentConfig config;
    private final Map<String, Chosen> chosen = new LinkedHashMap<>();

    /**
     * @param train without what it needs of others
     * @param validation the lists to choose by
     * @param config the baselines' settings
     */
    Selection(BaselineData train, BaselineMetrics validation, ExperimentConfig config) {
        this.data = train.with(name -> of(name).scores());
        this.validation = validation;
        this.config = config;
    }

    /** A baseline's best variant. */
    Chosen of(String name) {
        // Not computeIfAbsent, as one baseline may ask for another.
        if (!chosen.containsKey(name)) {
            chosen.put(name, choose(Baseline.registry().get(name)));
        }
        return chosen.get(name);
    }

    private <S extends Record> Chosen choose(Baseline<S> baseline) {
        S settings = config.settings(baseline.settings());
        Optional<String> refusal = baseline.refusal(data, settings);
        if (refusal.isPresent()) {
            return new Chosen(Map.of(), null, refusal);
        }
        Chosen best = best(baseline.variants(data, settings).iterator());
        return best;
    }

    private Chosen best(Iterator<Variant> variants) {
        Chosen best = null;
        double highest = Double.NaN;
        while (variants.hasNext()) {
            Variant variant = variants.next();
            ItemScores scores = variant.fit().get();
            if (best == null && !variants.hasNext()) {
                return new Chosen(variant.settings(), scores, Optional.empty());
            }
            double ndcg = validation.ndcg(scores);
            if (best == null || ndcg > highest) {
                best = new Chosen(variant.settings(), scores, Optional.empty());
                highest = ndcg;
            }
        }
        return best;
    }
}
