package io.deepfm.tuning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.space.SearchSpace;
import io.deepfm.config.space.SearchSpace.Setting;
import io.deepfm.config.space.Values;
import io.deepfm.tuning.Plan.Method;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final SearchSpace SIX = new SearchSpace(List.of(
            new Setting("a", new Values.Listed(List.of("1", "2", "3")), Map.of()),
            new Setting("b", new Values.Listed(List.of("x", "y")), Map.of())));

    @Test
    void rungsAreAQuarterHalfAndAllOfTheEpochs() {
        assertThat(plan(Method.HALVING, 8).rungs(15)).containsExactly(4, 8, 15);
        assertThat(plan(Method.HALVING, 8).rungs(2)).containsExactly(1, 2);
        assertThat(plan(Method.HALVING, 8).rungs(1)).containsExactly(1);
        assertThat(plan(Method.RANDOM, 8).rungs(15)).containsExactly(15);
    }

    @Test
    void trialsDifferAndAFewAreTheFirstOfMany() {
        List<Trial> six = plan(Method.RANDOM, 6).trials(SIX, 7);
        assertThat(six.stream().map(Trial::settings).distinct()).hasSize(6);
        assertThat(plan(Method.RANDOM, 3).trials(SIX, 7)).isEqualTo(six.subList(0, 3));
        assertThat(plan(Method.RANDOM, 20).trials(SIX, 7))
                .as("there are no more")
                .hasSize(6);
    }

    @Test
    void aGridIsTriedWholeOrNotAtAll() {
        assertThat(plan(Method.GRID, 6).trials(SIX, 7)).hasSize(6);
        assertThatThrownBy(() -> plan(Method.GRID, 5).trials(SIX, 7)).hasMessageContaining("--trials 6");
    }

    private static Plan plan(Method method, int trials) {
        return new Plan(method, trials, 1, 1);
    }
}
