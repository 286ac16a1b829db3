package io.deepfm.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.baseline.KnownUser.Rows;
import io.deepfm.config.Extension.NoSettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scores of each baseline against values computed by hand, or by the plainest program. */
class BaselinesTest {

    private static final Offset<Float> NEAR = within(1e-6f);

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    /** A history in which the items with a minus have label 0, and of which all is earlier than what is ranked. */
    private static KnownUser history(int user, double... items) {
        return new KnownUser(
                user,
                IntStream.range(0, items.length)
                        .map(i -> (int) Math.abs(items[i]))
                        .toArray(),
                IntStream.range(0, items.length)
                        .map(i -> Math.copySign(1, items[i]) > 0 ? 1 : 0)
                        .toArray(),
                items.length);
    }

    private static BaselineData data(int numItems, int partitions, List<KnownUser> users) {
        return new BaselineData(
                JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(users, partitions),
                users.size(),
                numItems,
                users.stream().mapToInt(user -> user.items().length).sum(),
                1L << 30,
                none -> null);
    }

    private static <S extends Record> List<ItemScores> fit(Baseline<S> baseline, BaselineData data, S settings) {
        return baseline.variants(data, settings)
                .map(variant -> variant.fit().get())
                .toList();
    }

    @Test
    void popularityCountsThePositiveInteractions() {
        // Item 0: two positives of one user; item 1: one positive and one negative; item 2: a negative; item 3:
        // nothing.
        BaselineData data = data(4, 2, List.of(history(0, 0, 0, 1), history(1, -1, -2)));
        ItemScores scores = fit(new Popularity(), data, new NoSettings()).get(0);
        assertThat(scores.of(history(2), new int[] {0, 1, 2, 3})).containsExactly(2, 1, 0, 0);
    }

    @Test
    void neighboursAreNearByCosine() {
        // Users of item 0: a, b, c; of 1: a, b; of 2: a; of 3: c; of 4: nobody. A repeated interaction counts once.
        BaselineData data = data(5, 2, List.of(history(0, 0, 1, 2, 0), history(1, 0, -1), history(2, 0, 3)));
        ItemKnn.Settings all = new ItemKnn.Settings(new ItemKnn.Config(List.of(Rows.ALL), List.of(1, 2)));
        List<ItemScores> scores = fit(new ItemKnn(), data, all);
        KnownUser user = history(3, 0, 2);
        float oneTwo = (float) (1 / Math.sqrt(2)); // Of items 1 and 2, who have one user in common, of two and one.
        float oneZero = (float) (2 / Math.sqrt(6));
        float threeZero = (float) (1 / Math.sqrt(3));
        // The nearest of item 1 is 0 (.816 against .707), of item 3 it is 0, which has one user more than 1 and 2 have.
        assertThat(scores.get(0).of(user, new int[] {1, 3, 4})).containsExactly(oneZero, threeZero, 0);
        assertThat(scores.get(1).of(user, new int[] {1, 3, 4})).containsExactly(oneZero + oneTwo, threeZero, 0);
    }

    @Test
    void neighboursByLikesLeaveDislikesOut() {
        BaselineData data = data(3, 1, List.of(history(0, 0, 1), history(1, 0, -1), history(2, -0.0, 2)));
        ItemKnn.Settings liked = new ItemKnn.Settings(new ItemKnn.Config(List.of(Rows.LIKED), List.of(2)));
        ItemScores scores = fit(new ItemKnn(), data, liked).get(0);
        // Liked: 0 by two users, 1 by one of them. User 3 dislikes item 2.
        assertThat(scores.of(history(3, 0, -2), new int[] {1})).containsExactly((float) (1 / Math.sqrt(2)));
        assertThat(scores.of(history(3, -0.0), new int[] {1})).containsExactly(0);
    }

    @Test
    void ofEquallyNearNeighboursTheSmallerIndexIsKept() {
        BaselineData data = data(3, 1, List.of(history(0, 2, 1, 0)));
        ItemKnn.Settings one = new ItemKnn.Settings(new ItemKnn.Config(List.of(Rows.ALL), List.of(1)));
        ItemScores scores = fit(new ItemKnn(), data, one).get(0);
        assertThat(scores.of(history(1, 1), new int[] {0, 2})).containsExactly(1, 0);
        assertThat(scores.of(history(1, 0), new int[] {1, 2})).containsExactly(1, 1);
    }

    @Test
    void transitionsKnowTheOrderAndTheWindow() {
        // 0 -> 1 -> 2 and 1 -> 0: within one place 0 precedes 1 once, 1 precedes 2 once and 0 once.
        BaselineData data = data(4, 2, List.of(history(0, 0, 1, 2), history(1, 1, 0)));
        Transitions.Settings windows = new Transitions.Settings(new Transitions.Config(List.of(1, 2)));
        List<ItemScores> scores = fit(new Transitions(), data, windows);
        int[] all = {0, 1, 2, 3};
        // Two interactions with item 0, one of which is followed by 1; the same for 1, by 2 and by 0.
        assertThat(scores.get(0).of(history(2, 0), all)).containsExactly(0, .5f, 0, 0);
        assertThat(scores.get(0).of(history(2, 0, 1), all)).containsExactly(.5f, 0, .5f, 0);
        // Within two places 2 follows 0, too; and the two last items add up.
        assertThat(scores.get(1).of(history(2, 0), all)).containsExactly(0, .5f, .5f, 0);
        assertThat(scores.get(1).of(history(2, 3, 0, 1), all)).containsExactly(.5f, .5f, 1, 0);
        assertThat(scores.get(0).of(history(2), all)).containsOnly(0);
    }

    @Test
    void transitionsStartFromWhatIsEarlierThanTheRankedItem() {
        BaselineData data = data(4, 1, List.of(history(0, 0, 1), history(1, 2, 3)));
        ItemScores scores = Transitions.fit(data, 1);
        // Of the history 0, 2 only item 0 is earlier.
        assertThat(scores.of(new KnownUser(2, new int[] {0, 2}, new int[] {1, 1}, 1), new int[] {1, 3}))
                .containsExactly(1, 0);
    }

    /** With two items of the Gram matrix [[2, 1], [1, 1]] and lambda 1: P = [[2, -1], [-1, 3]] / 5, B = [[0, 1/3], [1/2, 0]]. */
    @Test
    void easeOfTwoItems() {
        BaselineData data = data(2, 1, List.of(history(0, 0, 1, 1), history(1, -0.0)));
        Ease.Settings settings = new Ease.Settings(new Ease.Config(List.of(Rows.ALL), List.of(1.0)));
        ItemScores scores = fit(new Ease(), data, settings).get(0);
        assertThat(scores.of(history(2, 0), new int[] {1})[0]).isCloseTo(1 / 3f, NEAR);
        assertThat(scores.of(history(2, 1), new int[] {0})[0]).isCloseTo(1 / 2f, NEAR);
    }

    /** B minimizes |X - X B|^2 + lambda |B|^2 with a zero diagonal: each column is a ridge regression on the other items. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void easeIsARidgeRegressionOnTheOtherItems(long seed) {
        int n = 12;
        double lambda = 2.5;
        List<KnownUser> users = histories(new Random(seed), 30, n);
        BaselineData data = data(n, 3, users);
        ItemScores scores = fit(
                        new Ease(), data, new Ease.Settings(new Ease.Config(List.of(Rows.LIKED), List.of(lambda))))
                .get(0);
        double[][] gram = new double[n][n];
        for (KnownUser user : users) {
            for (int a : user.distinct(Rows.LIKED)) {
                for (int b : user.distinct(Rows.LIKED)) {
                    gram[a][b]++;
                }
            }
        }
        for (int target = 0; target < n; target++) {
            double[] weights = ridge(gram, target, lambda);
            for (int other = 0; other < n; other++) {
                assertThat(scores.of(history(99, other == 0 ? 0.0 : other), new int[] {target})[0])
                        .isCloseTo((float) weights[other], within(1e-5f));
            }
        }
    }

    /** Solves (G + lambda I) w = G[:, target] without the target's own row and column, by Gauss and Jordan. */
    private static double[] ridge(double[][] gram, int target, double lambda) {
        int[] others = IntStream.range(0, gram.length).filter(i -> i != target).toArray();
        int m = others.length;
        double[][] system = new double[m][m + 1];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < m; j++) {
                system[i][j] = gram[others[i]][others[j]] + (i == j ? lambda : 0);
            }
            system[i][m] = gram[others[i]][target];
        }
        for (int pivot = 0; pivot < m; pivot++) {
            for (int i = 0; i < m; i++) {
                double factor = system[i][pivot] / system[pivot][pivot];
                for (int j = 0; i != pivot && j <= m; j++) {
                    system[i][j] -= factor * system[pivot][j];
                }
            }
        }
        double[] weights = new double[gram.length];
        for (int i = 0; i < m; i++) {
            weights[others[i]] = system[i][m] / system[i][i];
        }
        return weights;
    }

    @Test
    void transitionsAreAddedToWhatEaseChose() {
        ItemScores ease = (user, items) -> new float[] {10, 20};
        BaselineData data = data(2, 1, List.of(history(0, 0, 1))).with(name -> name.equals("ease") ? ease : null);
        EaseTransitions.Settings settings = new EaseTransitions.Settings(
                new Ease.Config(List.of(Rows.ALL), List.of(1.0)),
                new EaseTransitions.Config(List.of(1), List.of(.5, 2.0)));
        List<ItemScores> scores = fit(new EaseTransitions(), data, settings);
        assertThat(scores.get(0).of(history(1, 0), new int[] {0, 1})).containsExactly(10, 20.5f);
        assertThat(scores.get(1).of(history(1, 0), new int[] {0, 1})).containsExactly(10, 22);
    }

    @Test
    void alsFindsTwoGroups() {
        // Users 0 to 4 have items of 0 to 3, users 5 to 9 of 4 to 7, each all but one of them.
        List<KnownUser> users = new ArrayList<>();
        for (int user = 0; user < 10; user++) {
            int first = user < 5 ? 0 : 4;
            int missing = first + user % 4;
            users.add(history(
                    user,
                    IntStream.range(first, first + 4)
                            .filter(item -> item != missing)
                            .asDoubleStream()
                            .toArray()));
        }
        BaselineData data = data(9, 2, users);
        ItemScores scores = fit(new ImplicitAls(), data, als(2)).get(0);
        for (KnownUser user : users) {
            float[] own = scores.of(user, new int[] {user.user() < 5 ? 0 : 4, user.user() < 5 ? 3 : 7});
            float[] others = scores.of(user, new int[] {user.user() < 5 ? 4 : 0, user.user() < 5 ? 7 : 3});
            assertThat(Math.min(own[0], own[1])).isGreaterThan(Math.max(others[0], others[1]) + .5f);
            assertThat(scores.of(user, new int[] {8}))
                    .as("an item that nobody has")
                    .containsExactly(0);
        }
    }

    private static ImplicitAls.Settings als(int rank) {
        return new ImplicitAls.Settings(
                new ImplicitAls.Config(List.of(Rows.ALL), rank, List.of(10.0), List.of(.01), 5));
    }

    /** Users of one partition or of many, in one order or another: the same scores to the bit. */
    @Test
    void scoresDoNotDependOnPartitions() {
        int n = 25;
        List<KnownUser> users = histories(new Random(7), 40, n);
        List<KnownUser> reversed = new ArrayList<>(users);
        Collections.reverse(reversed);
        BaselineData one = data(n, 1, users);
        BaselineData many = data(n, 7, reversed);
        List<List<ItemScores>> of = new ArrayList<>();
        for (BaselineData data : List.of(one, many)) {
            List<ItemScores> all = new ArrayList<>();
            all.addAll(fit(new Popularity(), data, new NoSettings()));
            all.addAll(fit(
                    new ItemKnn(),
                    data,
                    new ItemKnn.Settings(new ItemKnn.Config(List.of(Rows.values()), List.of(3, 30)))));
            all.addAll(fit(new Ease(), data, new Ease.Settings(new Ease.Config(List.of(Rows.values()), List.of(5.0)))));
            all.addAll(fit(new Transitions(), data, new Transitions.Settings(new Transitions.Config(List.of(2, 5)))));
            all.addAll(fit(new ImplicitAls(), data, als(3)));
            of.add(all);
        }
        int[] items = IntStream.range(0, n).toArray();
        for (int i = 0; i < of.get(0).size(); i++) {
            for (KnownUser user : users) {
                assertThat(of.get(1).get(i).of(user, items))
                        .as("fitted baseline " + i)
                        .containsExactly(of.get(0).get(i).of(user, items));
            }
        }
    }

    /** Each user with some distinct items, of which some are repeated. */
    private static List<KnownUser> histories(Random random, int users, int items) {
        List<KnownUser> histories = new ArrayList<>();
        for (int user = 0; user < users; user++) {
            double[] own = new double[1 + random.nextInt(9)];
            for (int i = 0; i < own.length; i++) {
                own[i] = random.nextInt(items) * (random.nextInt(3) == 0 ? -1.0 : 1.0);
            }
            histories.add(history(user, own));
        }
        return histories;
    }

    @Test
    void aCatalogueThatIsTooLargeIsRefusedWithAReason() {
        Ease.Settings ease = new Ease.Settings(new Ease.Config(List.of(Rows.ALL), List.of(1.0)));
        assertThat(new Ease().refusal(data(20_001, 1, List.of(history(0, 1))), ease))
                .contains("the catalogue has 20,001 items, and this takes 20,000 at most");
        // Four matrices of 10,000 x 10,000 floats, and a heap of 2 GiB, half of which is for them.
        assertThat(new Ease().refusal(data(10_000, 1, List.of(history(0, 1))), ease))
                .hasValueSatisfying(why -> assertThat(why).contains("1,526 MiB", "1,024 MiB", "more memory"));
        assertThat(new Ease().refusal(data(8_000, 1, List.of(history(0, 1))), ease))
                .isEmpty();
        ItemKnn.Settings knn = new ItemKnn.Settings(new ItemKnn.Config(List.of(Rows.ALL), List.of(5)));
        assertThat(new ItemKnn().refusal(data(20_001, 1, List.of(history(0, 1))), knn))
                .isEmpty();
        assertThat(new ItemKnn().refusal(data(100_001, 1, List.of(history(0, 1))), knn))
                .isPresent();
    }

    @Test
    void pairsAreCountedAlikeInStripsOfAnyHeight() {
        // 5,000 items make two strips of at most 3,355 rows.
        int n = 5_000;
        BaselineData data = data(n, 2, List.of(history(0, 1, 3_354, 3_355, 4_999), history(1, 4_999, 1)));
        List<PairCounts.Strip> strips = PairCounts.of(data, KnownUser::items, 1).collect();
        assertThat(strips).hasSize(2);
        assertThat(strips).extracting(PairCounts.Strip::from).containsExactly(0, 3_355);
        assertThat(strips.get(0).count(1, 3_354)).isEqualTo(1);
        assertThat(strips.get(0).count(3_354, 3_355)).isEqualTo(1);
        assertThat(strips.get(1).count(3_355, 4_999)).isEqualTo(1);
        assertThat(strips.get(1).count(4_999, 1)).isEqualTo(1);
        assertThat(strips.stream()
                        .mapToLong(strip -> IntStream.of(strip.counts()).sum())
                        .sum())
                .isEqualTo(4);
    }
}
