package io.deepfm.baseline;

import static org.apache.spark.sql.functions.col;

import io.deepfm.baseline.KnownUser.Rows;
import io.deepfm.config.Require;
import io.deepfm.data.encode.ScalaSeq;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.ml.recommendation.ALS;
import org.apache.spark.ml.recommendation.ALSModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Matrix factorization of implicit feedback by alternating least squares (Hu, Koren and Volinsky, Collaborative filtering for
 * implicit feedback datasets, ICDM 2008), as MLlib has it. An item the user has counts as 1 with the confidence 1 + alpha, any
 * other as 0 with the confidence 1; the score is the dot product of the user's and the item's factors.
 */
public final class ImplicitAls implements Baseline<ImplicitAls.Settings> {

    /** One block for so many interactions: blocks are few, and depend on the data alone. */
    private static final long INTERACTIONS_PER_BLOCK = 1_000_000;

    private static final String USER = "user";
    private static final String ITEM = "item";
    private static final String ONE = "one";

    /** The section {@code als}. */
    public record Settings(Config als) {}

    /**
     * What is tried.
     *
     * @param rows which interactions count
     * @param rank the number of factors
     * @param alpha how much more an interaction counts than none
     * @param regularization the L2 penalty, which MLlib multiplies by the number of a user's or item's interactions
     * @param iterations how often users and items take turns
     */
    public record Config(List<Rows> rows, int rank, List<Double> alpha, List<Double> regularization, int iterations) {

        /** Checks ranges. */
        public Config {
            Require.that(!rows.isEmpty(), "rows", "must not be empty");
            Require.atLeast("rank", rank, 1);
            Require.that(!alpha.isEmpty(), "alpha", "must not be empty");
            alpha.forEach(value -> Require.above("alpha", value, 0));
            Require.that(!regularization.isEmpty(), "regularization", "must not be empty");
            regularization.forEach(value -> Require.above("regularization", value, 0));
            Require.atLeast("iterations", iterations, 1);
        }
    }

    @Override
    public String name() {
        return "als";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Optional<String> refusal(BaselineData data, Settings settings) {
        Config als = settings.als();
        double factors = (double) als.rank() * ((long) data.numUsers() + data.numItems());
        int variants =
                als.rows().size() * als.alpha().size() * als.regularization().size();
        // Each until all are compared, and the best.
        return data.refusal(Integer.MAX_VALUE, (1 + variants) * factors * Float.BYTES);
    }

    /**
     * {@inheritDoc}
     *
     * <p>All are fitted at once, as far as there are cores: a fit is a chain of small jobs, of which none keeps more than a
     * core busy where the data are one block.
     */
    @Override
    public Stream<Variant> variants(BaselineData data, Settings settings) {
        Config config = settings.als();
        ExecutorService fits = Executors.newFixedThreadPool(
                SparkSession.active().sparkContext().defaultParallelism());
        List<Variant> variants = new ArrayList<>();
        for (Rows rows : config.rows()) {
            for (double alpha : config.alpha()) {
                for (double penalty : config.regularization()) {
                    ALS als = new ALS()
                            .setAlpha(alpha)
                            .setRegParam(penalty)
                            .setRank(config.rank())
                            .setMaxIter(config.iterations());
                    CompletableFuture<ItemScores> scores =
                            CompletableFuture.supplyAsync(() -> fit(data, rows, als), fits);
                    variants.add(new Variant(choice(rows, config.rank(), alpha, penalty), scores::join));
                }
            }
        }
        fits.shutdown();
        return variants.stream();
    }

    private static Map<String, Object> choice(Rows rows, int rank, double alpha, double regularization) {
        Map<String, Object> choice = new LinkedHashMap<>();
        choice.put("rows", rows.toString());
        choice.put("rank", rank);
        choice.put("alpha", alpha);
        choice.put("regularization", regularization);
        return choice;
    }

    private static ItemScores fit(BaselineData data, Rows rows, ALS als) {
        int blocks = Math.toIntExact(1 + data.interactions() / INTERACTIONS_PER_BLOCK);
        // One order for all clusters, as MLlib adds up in the order in which it finds them.
        Dataset<Row> ones = ones(data, rows).repartition(blocks, col(USER)).sortWithinPartitions(USER, ITEM);
        ALSModel model = als.setImplicitPrefs(true)
                .setUserCol(USER)
                .setItemCol(ITEM)
                .setRatingCol(ONE)
                .setNumBlocks(blocks)
                // Else a task carries all iterations before it along, for which a thread's stack may be too small.
                .setCheckpointInterval(3)
                .setIntermediateStorageLevel("MEMORY_AND_DISK")
                .fit(ones);
        return new Scores(factors(model.userFactors(), data.numUsers()), factors(model.itemFactors(), data.numItems()));
    }

    /** The non-zero values of X: a user and an item (int), and 1. */
    private static Dataset<Row> ones(BaselineData data, Rows rows) {
        return SparkSession.active()
                .createDataFrame(
                        data.users().flatMap(user -> IntStream.of(user.distinct(rows))
                                .mapToObj(item -> RowFactory.create(user.user(), item, 1f))
                                .iterator()),
                        new StructType()
                                .add(USER, DataTypes.IntegerType, false)
                                .add(ITEM, DataTypes.IntegerType, false)
                                .add(ONE, DataTypes.FloatType, false));
    }

    /** By index; null for one without interactions. */
    private static float[][] factors(Dataset<Row> factors, int size) {
        float[][] byIndex = new float[size][];
        Iterator<Row> rows = factors.toLocalIterator();
        while (rows.hasNext()) {
            Row row = rows.next();
            byIndex[row.getInt(0)] = ScalaSeq.toFloats(row.getSeq(1));
        }
        return byIndex;
    }

    /** Dot products; 0 where either has no factors. */
    private record Scores(float[][] users, float[][] itemFactors) implements ItemScores {
        @Override
        public float[] of(KnownUser user, int[] items) {
            float[] own = users[user.user()];
            float[] scores = new float[items.length];
            for (int i = 0; i < items.length; i++) {
                float[] other = itemFactors[items[i]];
                for (int k = 0; own != null && other != null && k < own.length; k++) {
                    scores[i] += own[k] * other[k];
                }
            }
            return scores;
        }
    }
}
