package io.deepfm.baseline;

import io.deepfm.config.Require;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What belongs together and what comes next: {@link Ease}, as it is best alone, plus a weight times {@link Transitions}.
 */
public final class EaseTransitions implements Baseline<EaseTransitions.Settings> {

    /** The sections {@code ease}, whose choice this adds to, and {@code ease_transitions}. */
    public record Settings(Ease.Config ease, Config easeTransitions) {}

    /**
     * What is tried.
     *
     * @param window of the transitions
     * @param weight of the transitions beside EASE
     */
    public record Config(List<Integer> window, List<Double> weight) {

        /** Checks ranges. */
        public Config {
            Require.allAtLeast("window", window, 1);
            Require.that(!weight.isEmpty(), "weight", "must not be empty");
            weight.forEach(value -> Require.above("weight", value, 0));
        }
    }

    @Override
    public String name() {
        return "ease_transitions";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Optional<String> refusal(BaselineData data, Settings settings) {
        return Ease.refusal(data)
                .or(() -> Transitions.refusal(data, settings.easeTransitions().window()));
    }

    @Override
    public Stream<Variant> variants(BaselineData data, Settings settings) {
        ItemScores ease = data.chosen().apply("ease");
        return settings.easeTransitions().window().stream().flatMap(window -> {
            ItemScores transitions = Transitions.fit(data, window);
            return settings.easeTransitions().weight().stream()
                    .map(weight ->
                            new Variant(choice(window, weight), () -> new Sum(ease, transitions, weight.floatValue())));
        });
    }

    private static Map<String, Object> choice(int window, double weight) {
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("window", window);
        choice.put("weight", weight);
        return choice;
    }

    private record Sum(ItemScores one, ItemScores other, float weight) implements ItemScores {
        @Override
        public float[] of(KnownUser user, int[] items) {
            float[] scores = one.of(user, items);
            float[] more = other.of(user, items);
            for (int i = 0; i < scores.length; i++) {
                scores[i] += weight * more[i];
            }
            return scores;
        }
    }
}
