package io.deepfm.comparison;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.comparison.HeldOutRanks.Ranked;
import io.deepfm.config.ConfigException;
import io.deepfm.report.Results;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

class ComparisonTest {

    private static final int USERS = 50;

    @Test
    void runsThatDifferInSeedsAloneAreOneSetup() {
        List<Setup> setups =
                Setup.of(List.of(run("deep-42", 0.1, 0.2, 1), run("wide", 0.3, 0.5, 2), run("deep-43", 0.1, 0.4, 3)));
        assertThat(setups).extracting(Setup::name).containsExactly("deep", "wide");
        assertThat(setups.get(0).metrics().get("HR@10").mean()).isCloseTo(0.3, within(1e-12));
        // Of .2 and .4: each is .1 from the mean; one degree of freedom.
        assertThat(setups.get(0).metrics().get("HR@10").deviation()).isCloseTo(Math.sqrt(0.02), within(1e-12));
        assertThat(setups.get(1).metrics().get("HR@10").deviation()).isNaN();
    }

    @Test
    void theSameRunTwiceIsRefusedAndNamesAreTold() {
        assertThatThrownBy(() -> Setup.of(List.of(run("a-1", 0.1, 0.2, 1), run("a-1", 0.1, 0.2, 1))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("/runs/a-1 and /runs/a-1 have the same settings and the same seed");
        assertThat(Setup.of(List.of(
                        run("lr-0.1-1", 0.1, 0.2, 1),
                        run("lr-0.1-2", 0.1, 0.2, 1),
                        run("lr-0.01-1", 0.01, 0.2, 1),
                        run("lr-0.01-2", 0.01, 0.2, 1))))
                .extracting(Setup::name)
                .containsExactly("lr-0.1", "lr-0.01");
    }

    @Test
    void aUserWithoutOtherItemsHasNoAuc() {
        ComparedRun run = run("a", 0.1, 0.2, 1);
        List<Ranked> lists = new ArrayList<>(run.ranks().lists());
        lists.set(0, new Ranked(0, 7, 1, 1, 1, Double.NaN));
        ComparedRun other = with(run, "training.lr", 0.3);
        Comparison comparison = new Comparison(Setup.of(List.of(
                new ComparedRun(run.folder(), run.results(), run.settings(), new HeldOutRanks(lists), List.of()),
                new ComparedRun(run.folder(), run.results(), other.settings(), new HeldOutRanks(lists), List.of()))));
        PairedDifference auc =
                comparison.differences(comparison.setups().get(1)).get("gauc");
        assertThat(auc.users()).isEqualTo(USERS - 1);
        assertThat(auc.mean()).isZero();
        assertThat(auc.isSignificant()).isFalse();
    }

    @Test
    void aMetricThatNoUserHasIsNotCompared() {
        ComparedRun run = run("a", 0.1, 0.2, 1);
        HeldOutRanks withoutOthers = new HeldOutRanks(run.ranks().lists().stream()
                .map(list -> new Ranked(list.user(), list.item(), 1, 1, 1, Double.NaN))
                .toList());
        ComparedRun other = with(run, "training.lr", 0.3);
        Comparison comparison = new Comparison(Setup.of(List.of(
                new ComparedRun(run.folder(), run.results(), run.settings(), withoutOthers, List.of()),
                new ComparedRun(run.folder(), run.results(), other.settings(), withoutOthers, List.of()))));
        assertThat(comparison.differences(comparison.setups().get(1)))
                .containsKey("HR@10")
                .doesNotContainKey("gauc");
    }

    @Test
    void settingsThatDifferAreTold() {
        Comparison comparison =
                new Comparison(Setup.of(List.of(run("a", 0.1, 0.2, 1), run("b", 0.3, 0.2, 1), run("c", null, 0.2, 1))));
        assertThat(comparison.differingSettings()).isEqualTo(Map.of("training.lr", Arrays.asList(0.1, 0.3, null)));
    }

    @Test
    void aUsersListsAreAveragedOverRuns() {
        Setup setup = new Setup("a", List.of(run("a-1", 0.1, 0.2, 1), run("a-2", 0.1, 0.2, 12)));
        // Rank 1 in one run, rank 12 in the other.
        assertThat(setup.ofUsers(ComparedRun::ranked, list -> list.hit(10)))
                .hasSize(USERS)
                .containsEntry(0, 0.5);
        assertThat(setup.ofUsers(ComparedRun::ranked, list -> list.gain(10))).containsEntry(0, 0.5);
        assertThat(setup.ofUsers(ComparedRun::liked, Ranked::auc)).containsEntry(0, (1 + 88 / 99.0) / 2);
    }

    @Test
    void aSetupThatPlacesEveryUsersItemHigherIsBetter() {
        Comparison comparison = new Comparison(Setup.of(List.of(run("a", 0.1, 0.2, 7), run("b", 0.3, 0.2, 1))));
        Map<String, PairedDifference> differences =
                comparison.differences(comparison.setups().get(1));
        assertThat(differences).containsOnlyKeys("HR@5", "HR@10", "NDCG@5", "NDCG@10", "gauc");
        assertThat(differences.get("HR@5").mean()).isEqualTo(1);
        assertThat(differences.get("HR@5").isSignificant()).isTrue();
        assertThat(differences.get("HR@10").mean()).isZero();
        assertThat(differences.get("HR@10").isSignificant()).isFalse();
        assertThat(differences.get("NDCG@10").mean()).isCloseTo(1 - 1 / 3.0, within(1e-12));
        assertThat(ComparisonTable.of(comparison, UnaryOperator.identity()))
                .contains("b minus a, mean over 50 users: 95 % interval, probability by chance")
                .contains("  HR@5      +1.0000  [+1.0000, +1.0000]  0.0001  better")
                .contains("  HR@10     +0.0000  [+0.0000, +0.0000]  1.0000");
    }

    @Test
    void runsOverOtherCandidatesAreRefused() {
        ComparedRun run = run("a", 0.1, 0.2, 1);
        ComparedRun fewer = with(run, "data.num_neg_eval", "49");
        assertThatThrownBy(() -> run.requireSameCandidates(fewer))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("data.num_neg_eval = 99 and 49");
        List<Ranked> lists = new ArrayList<>(run.ranks().lists());
        lists.set(3, new Ranked(3, 8, 1, 100, 1, 1));
        ComparedRun other =
                new ComparedRun(new Path("b"), run.results(), run.settings(), new HeldOutRanks(lists), List.of());
        assertThatThrownBy(() -> run.requireSameCandidates(other)).hasMessageContaining("other held-out interactions");
        ComparedRun short1 = new ComparedRun(
                new Path("b"), run.results(), run.settings(), new HeldOutRanks(lists.subList(0, 7)), List.of());
        assertThatThrownBy(() -> run.requireSameCandidates(short1)).hasMessageContaining("51 and 7 lists");
    }

    @Test
    void theIntervalOfDifferencesIsThatOfTheirMean() {
        double[] differences = new double[400];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = i % 2 == 0 ? 1 : -0.8;
        }
        PairedDifference found = PairedDifference.of(differences);
        // Standard deviation .9, so .045 of the mean; 1.96 of it to each side.
        assertThat(found.mean()).isCloseTo(0.1, within(1e-12));
        assertThat(found.low()).isCloseTo(0.1 - 0.088, within(0.006));
        assertThat(found.high()).isCloseTo(0.1 + 0.088, within(0.006));
        // Twice the tail of the normal distribution beyond .1 / .0453, what the mean's deviation is if signs are
        // random.
        assertThat(found.probability()).isCloseTo(0.027, within(0.006));
    }

    @Test
    void theBestOfAMetricIsMarked() {
        Comparison comparison =
                new Comparison(Setup.of(List.of(run("a", 0.1, 0.2, 1), run("b", 0.3, 0.5, 1), run("c", 0.4, 0.5, 1))));
        assertThat(comparison.setups())
                .extracting(setup -> comparison.isBest(setup, "HR@10"))
                .containsExactly(false, true, true);
        assertThat(ComparisonTable.of(comparison, value -> value.replace(' ', '*')))
                .anyMatch(line -> line.endsWith("b     1  *********0.5000"));
        Comparison equal = new Comparison(Setup.of(List.of(run("a", 0.1, 0.2, 1), run("b", 0.3, 0.2, 1))));
        assertThat(equal.setups()).noneMatch(setup -> equal.isBest(setup, "HR@10"));
    }

    @Test
    void thePageShowsTheCurvesOfAllSetups() {
        String html = ComparisonPage.of(
                        new Comparison(Setup.of(List.of(run("<a>", 0.1, 0.2, 1), run("b", 0.3, 0.5, 12)))))
                .toHtml();
        assertThat(html)
                .contains("&lt;a&gt;", "0.5000 (best)", "aria-label=\"HR@K\"", "aria-label=\"NDCG@K\"")
                .contains("aria-label=\"Training loss\"", "training.lr")
                .doesNotContain("<a>");
    }

    private static ComparedRun with(ComparedRun run, String key, Object value) {
        TreeMap<String, Object> settings = new TreeMap<>(run.settings());
        settings.put(key, value);
        return new ComparedRun(run.folder(), run.results(), settings, run.ranks(), run.epochs());
    }

    /** All of whose items have one rank. */
    private static ComparedRun run(String name, Double rate, double hits, int rank) {
        Object seed = name.matches(".*-[0-9]+") ? Integer.valueOf(name.replaceFirst(".*-", "")) : 42;
        Results results = new Results(
                name,
                "",
                Map.of("seed", seed),
                Map.of(),
                Map.of("HR@10", hits),
                Map.of(),
                null,
                List.of(),
                null,
                Map.of(),
                Map.of(),
                Map.of());
        Map<String, Object> settings = new HashMap<>(Map.of(
                "data.num_neg_eval", "99", "evaluation.ks", List.of(5, 10), "evaluation.ranking_positives", "label"));
        if (rate != null) {
            settings.put("training.lr", rate);
        }
        List<Ranked> lists = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            lists.add(new Ranked(user, 7, 1, 100, rank, (100 - rank) / 99.0));
        }
        // Not ranked, as its label is 0.
        lists.add(new Ranked(USERS, 7, 0, 100, 100, 0));
        return new ComparedRun(
                new Path("/runs", name),
                results,
                new TreeMap<>(settings),
                new HeldOutRanks(lists),
                List.of(Map.of("epoch", 1.0, "train_loss", 0.5), Map.of("epoch", 2.0, "train_loss", 0.25)));
    }
}
