package io.deepfm.ml.param;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.job.Configurations;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;

/**
 * The parameters of the estimator that its model has no use for; those whose names Spark ML has mean what they mean there.
 *
 * @param <T> the estimator or model
 */
public interface FitParams<T> extends Params {

    /** The parameters themselves. */
    final class Declared implements Serializable {

        private static final long serialVersionUID = 1L;

        final Param<String> labelCol;
        final DoubleParam labelThreshold;
        final Param<String> timestampCol;
        final Param<String> modelName;
        final Param<String> features;
        final IntParam maxIter;
        final DoubleParam stepSize;
        final IntParam numNegatives;
        final LongParam seed;
        final Param<String> workDir;
        final StringArrayParam config;

        /** Declares them for an owner that has its uid already. */
        public Declared(Params owner) {
            labelCol = new Param<>(
                    owner,
                    "labelCol",
                    "column of labels: a boolean, 0 or 1, or with labelThreshold a number; none: all rows are positives");
            labelThreshold = new DoubleParam(owner, "labelThreshold", "from which value on a label is positive");
            timestampCol = new Param<>(
                    owner, "timestampCol", "column that orders a user's rows, of which the last is for validation");
            modelName = new Param<>(owner, "modelName", "the architecture: deepfm, xdeepfm, attention_deepfm or dcnv2");
            features = new Param<>(
                    owner,
                    "features",
                    "the input features as in a configuration file; inferred from the columns where not given");
            maxIter = new IntParam(owner, "maxIter", "the most epochs", ParamValidators.gtEq(1));
            stepSize = new DoubleParam(owner, "stepSize", "the learning rate", ParamValidators.gt(0));
            numNegatives = new IntParam(
                    owner, "numNegatives", "negatives sampled for each positive and epoch", ParamValidators.gtEq(0));
            seed = new LongParam(owner, "seed", "the source of every random choice");
            workDir = new Param<>(owner, "workDir", "where the stages' data and the models are kept");
            config = new StringArrayParam(owner, "config", "other settings of a configuration file: key=value");
            ExperimentConfig defaults = Configurations.defaults();
            owner.setDefault(modelName, defaults.modelName());
            owner.setDefault(maxIter, defaults.training().epochs());
            owner.setDefault(stepSize, defaults.training().lr());
            owner.setDefault(numNegatives, defaults.data().numNegTrain());
            owner.setDefault(seed, defaults.seed());
            owner.setDefault(config, new String[0]);
        }
    }

    /** The parameters, which their owner declares. */
    Declared fitting();

    /** The column of labels: a boolean, 0 or 1, or with {@code labelThreshold} a number. Without it, every row is a positive. */
    default Param<String> labelCol() {
        return fitting().labelCol;
    }

    default String getLabelCol() {
        return getOrDefault(labelCol());
    }

    /** Sets it: its name. */
    @SuppressWarnings("unchecked")
    default T setLabelCol(String value) {
        return (T) set(labelCol(), value);
    }

    /** From which value on a label is positive, such as 4 of 5 stars. */
    default DoubleParam labelThreshold() {
        return fitting().labelThreshold;
    }

    default double getLabelThreshold() {
        return (Double) getOrDefault(labelThreshold());
    }

    /** Sets it: a number. */
    @SuppressWarnings("unchecked")
    default T setLabelThreshold(double value) {
        return (T) set(labelThreshold(), value);
    }

    /** The column that orders a user's rows: a number, a date or a timestamp. With it, each user's last row is for validation, without it a random tenth of the rows. */
    default Param<String> timestampCol() {
        return fitting().timestampCol;
    }

    default String getTimestampCol() {
        return getOrDefault(timestampCol());
    }

    /** Sets it: its name. */
    @SuppressWarnings("unchecked")
    default T setTimestampCol(String value) {
        return (T) set(timestampCol(), value);
    }

    /** The architecture. */
    default Param<String> modelName() {
        return fitting().modelName;
    }

    default String getModelName() {
        return getOrDefault(modelName());
    }

    /** Sets it: {@code deepfm}, {@code xdeepfm}, {@code attention_deepfm}, {@code dcnv2} or one of a jar beside this. */
    @SuppressWarnings("unchecked")
    default T setModelName(String value) {
        return (T) set(modelName(), value);
    }

    /** The input features, as in the section {@code dataset} of a configuration file; inferred from the columns and their types where not given. */
    default Param<String> features() {
        return fitting().features;
    }

    default String getFeatures() {
        return getOrDefault(features());
    }

    /** Sets it: a list in HOCON: {@code [{ name = age, type = sparse, group = user }, ...]}. */
    @SuppressWarnings("unchecked")
    default T setFeatures(String value) {
        return (T) set(features(), value);
    }

    /** The most epochs; training usually stops earlier. */
    default IntParam maxIter() {
        return fitting().maxIter;
    }

    default int getMaxIter() {
        return (Integer) getOrDefault(maxIter());
    }

    /** Sets it: at least 1. */
    @SuppressWarnings("unchecked")
    default T setMaxIter(int value) {
        return (T) set(maxIter(), value);
    }

    /** The learning rate. */
    default DoubleParam stepSize() {
        return fitting().stepSize;
    }

    default double getStepSize() {
        return (Double) getOrDefault(stepSize());
    }

    /** Sets it: above 0. */
    @SuppressWarnings("unchecked")
    default T setStepSize(double value) {
        return (T) set(stepSize(), value);
    }

    /** Negatives sampled for each positive and epoch, where there are users and items. */
    default IntParam numNegatives() {
        return fitting().numNegatives;
    }

    default int getNumNegatives() {
        return (Integer) getOrDefault(numNegatives());
    }

    /** Sets it: at least 0. */
    @SuppressWarnings("unchecked")
    default T setNumNegatives(int value) {
        return (T) set(numNegatives(), value);
    }

    /** The source of every random choice. */
    default LongParam seed() {
        return fitting().seed;
    }

    default long getSeed() {
        return (Long) getOrDefault(seed());
    }

    /** Sets it: any number. */
    @SuppressWarnings("unchecked")
    default T setSeed(long value) {
        return (T) set(seed(), value);
    }

    /** Where the stages' data and the models are kept: any Hadoop path that driver and executors share. On one machine by default a temporary folder that is deleted in the end. */
    default Param<String> workDir() {
        return fitting().workDir;
    }

    default String getWorkDir() {
        return getOrDefault(workDir());
    }

    /** Sets it: a folder. */
    @SuppressWarnings("unchecked")
    default T setWorkDir(String value) {
        return (T) set(workDir(), value);
    }

    /** Settings of a configuration file that no parameter stands for: {@code key=value}. */
    default StringArrayParam config() {
        return fitting().config;
    }

    default String[] getConfig() {
        return getOrDefault(config());
    }

    /**
     * Sets one more of a configuration file's settings, such as {@code training.ema_decay}; {@code reference.conf} has all.
     *
     * @param key its key
     * @param value its value; lists and sections as HOCON
     * @return this
     */
    @SuppressWarnings("unchecked")
    default T setConfig(String key, Object value) {
        List<String> all = new ArrayList<>(Arrays.asList(getConfig()));
        all.removeIf(pair -> pair.startsWith(key + "="));
        all.add(key + "=" + value);
        return (T) set(config(), all.toArray(String[]::new));
    }
}
