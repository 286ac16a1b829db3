package io.deepfm.ml.param;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;

/**
 * The parameters that the estimator hands on to its model; those whose names Spark ML has mean what they mean there.
 *
 * @param <T> the estimator or model
 */
public interface DeepFmParams<T> extends Params {

    /** What becomes of rows whose user or item the model does not know. */
    enum ColdStart {
        /** They are scored by all else that is known of them. */
        PREDICT,
        /** Their predictions are not a number. */
        NAN,
        /** They are left out. */
        DROP;

        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The parameters themselves. */
    final class Declared implements Serializable {

        private static final long serialVersionUID = 1L;

        final Param<String> userCol;
        final Param<String> itemCol;
        final Param<String> rawPredictionCol;
        final Param<String> probabilityCol;
        final Param<String> predictionCol;
        final Param<String> coldStartStrategy;
        final BooleanParam includeSeen;
        final IntParam blockSize;

        /** Declares them for an owner that has its uid already. */
        public Declared(Params owner) {
            userCol = new Param<>(
                    owner, "userCol", "column of the users' keys; without it, rows are clicks to be classified");
            itemCol = new Param<>(owner, "itemCol", "column of the items' keys; given where userCol is");
            rawPredictionCol = new Param<>(
                    owner, "rawPredictionCol", "output column: minus and plus the log-odds of label 1 (vector)");
            probabilityCol =
                    new Param<>(owner, "probabilityCol", "output column: the probabilities of labels 0 and 1 (vector)");
            predictionCol =
                    new Param<>(owner, "predictionCol", "output column: the more probable label, 0 or 1 (double)");
            coldStartStrategy = new Param<>(
                    owner,
                    "coldStartStrategy",
                    "what transform does with rows of users or items that the model does not know: predict by their other"
                            + " features, nan, or drop",
                    ParamValidators.inArray(Arrays.stream(ColdStart.values())
                            .map(ColdStart::text)
                            .toArray(String[]::new)));
            includeSeen = new BooleanParam(
                    owner, "includeSeen", "whether recommendations include items that the user has interacted with");
            blockSize = new IntParam(
                    owner, "blockSize", "rows per step of training and per pass of scoring", ParamValidators.gtEq(1));
            owner.setDefault(rawPredictionCol, "rawPrediction");
            owner.setDefault(probabilityCol, "probability");
            owner.setDefault(predictionCol, "prediction");
            owner.setDefault(coldStartStrategy, ColdStart.PREDICT.text());
            owner.setDefault(includeSeen, false);
            owner.setDefault(blockSize, 4096);
        }
    }

    /** The parameters, which their owner declares. */
    Declared shared();

    /** What becomes of rows whose user or item the model does not know. */
    default ColdStart coldStart() {
        return ColdStart.valueOf(getColdStartStrategy().toUpperCase(Locale.ROOT));
    }

    /** The column of the users' keys. */
    default Param<String> userCol() {
        return shared().userCol;
    }

    default String getUserCol() {
        return getOrDefault(userCol());
    }

    /** Sets it: a column's name; give itemCol too. */
    @SuppressWarnings("unchecked")
    default T setUserCol(String value) {
        return (T) set(userCol(), value);
    }

    /** The column of the items' keys. */
    default Param<String> itemCol() {
        return shared().itemCol;
    }

    default String getItemCol() {
        return getOrDefault(itemCol());
    }

    /** Sets it: a column's name; give userCol too. */
    @SuppressWarnings("unchecked")
    default T setItemCol(String value) {
        return (T) set(itemCol(), value);
    }

    /** The output column of minus and plus the log-odds of label 1, a vector. */
    default Param<String> rawPredictionCol() {
        return shared().rawPredictionCol;
    }

    default String getRawPredictionCol() {
        return getOrDefault(rawPredictionCol());
    }

    /** Sets it: its name. */
    @SuppressWarnings("unchecked")
    default T setRawPredictionCol(String value) {
        return (T) set(rawPredictionCol(), value);
    }

    /** The output column of the probabilities of labels 0 and 1, a vector. */
    default Param<String> probabilityCol() {
        return shared().probabilityCol;
    }

    default String getProbabilityCol() {
        return getOrDefault(probabilityCol());
    }

    /** Sets it: its name. */
    @SuppressWarnings("unchecked")
    default T setProbabilityCol(String value) {
        return (T) set(probabilityCol(), value);
    }

    /** The output column of the more probable label. */
    default Param<String> predictionCol() {
        return shared().predictionCol;
    }

    default String getPredictionCol() {
        return getOrDefault(predictionCol());
    }

    /** Sets it: its name. */
    @SuppressWarnings("unchecked")
    default T setPredictionCol(String value) {
        return (T) set(predictionCol(), value);
    }

    /** What {@code transform} does with rows of users or items that the model does not know. */
    default Param<String> coldStartStrategy() {
        return shared().coldStartStrategy;
    }

    default String getColdStartStrategy() {
        return getOrDefault(coldStartStrategy());
    }

    /** Sets it: {@code predict}: score them by their other features; {@code nan}; {@code drop}. */
    @SuppressWarnings("unchecked")
    default T setColdStartStrategy(String value) {
        return (T) set(coldStartStrategy(), value);
    }

    /** Whether recommendations include what the user has interacted with. */
    default BooleanParam includeSeen() {
        return shared().includeSeen;
    }

    default boolean getIncludeSeen() {
        return (Boolean) getOrDefault(includeSeen());
    }

    /** Sets it: false to leave it out. */
    @SuppressWarnings("unchecked")
    default T setIncludeSeen(boolean value) {
        return (T) set(includeSeen(), value);
    }

    /** Rows per step of training and per pass of scoring. */
    default IntParam blockSize() {
        return shared().blockSize;
    }

    default int getBlockSize() {
        return (Integer) getOrDefault(blockSize());
    }

    /** Sets it: at least 1. */
    @SuppressWarnings("unchecked")
    default T setBlockSize(int value) {
        return (T) set(blockSize(), value);
    }
}
