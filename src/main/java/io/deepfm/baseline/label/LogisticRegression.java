package io.deepfm.baseline.label;

import io.deepfm.config.Require;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.Vector;

/** Logistic regression with an L2 penalty, as MLlib has it: a model's linear term alone, of the same encoded features. */
public final class LogisticRegression implements LabelBaseline<LogisticRegression.Settings> {

    /** What L-BFGS keeps of a feature: ten pairs of steps and gradients, and some vectors of its own. */
    private static final long BYTES_PER_FEATURE = 30 * Double.BYTES;

    /** The section {@code logistic_regression}. */
    public record Settings(Config logisticRegression) {}

    /**
     * What is tried.
     *
     * @param regularization the L2 penalty beside the mean log loss, of features scaled to a standard deviation of 1
     * @param iterations at most
     */
    public record Config(List<Double> regularization, int iterations) {

        /** Checks ranges. */
        public Config {
            Require.that(!regularization.isEmpty(), "regularization", "must not be empty");
            regularization.forEach(value -> Require.atLeast("regularization", value, 0));
            Require.atLeast("iterations", iterations, 1);
        }
    }

    @Override
    public String name() {
        return "logistic_regression";
    }

    @Override
    public Class<Settings> settings() {
        return Settings.class;
    }

    @Override
    public Optional<String> refusal(LabelledRows data, Settings settings) {
        long bytes = data.numFeatures() * BYTES_PER_FEATURE;
        return bytes <= data.memory()
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "for %,d one-hot features it takes %,d MiB, and %,d MiB of the heap are for it; give the driver more"
                                + " memory",
                        data.numFeatures(),
                        bytes >> 20,
                        data.memory() >> 20));
    }

    @Override
    public Stream<Variant> variants(LabelledRows data, Settings settings) {
        Config config = settings.logisticRegression();
        return config.regularization().stream()
                .map(penalty ->
                        new Variant(Map.of("regularization", penalty), () -> fit(data, penalty, config.iterations())));
    }

    private static RowLogits fit(LabelledRows data, double penalty, int iterations) {
        LogisticRegressionModel model = new org.apache.spark.ml.classification.LogisticRegression()
                .setLabelCol(LabelledRows.LABEL)
                .setFeaturesCol(LabelledRows.FEATURES)
                .setRegParam(penalty)
                .setMaxIter(iterations)
                .fit(data.rows());
        return new Linear(model.coefficients(), model.intercept());
    }

    /** A weighted sum. */
    private record Linear(Vector weights, double intercept) implements RowLogits {
        @Override
        public double of(Vector features) {
            return weights.dot(features) + intercept;
        }
    }
}
