package io.deepfm.ml.fit;

import io.deepfm.advice.FrontEnd;
import io.deepfm.ml.param.DeepFmParams;
import io.deepfm.ml.param.FitParams;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/** The estimator: settings are its parameters, and what it writes is below one folder. */
public final class EstimatorFrontEnd implements FrontEnd {

    private final Params estimator;
    private final Map<String, Param<?>> parameters;

    /**
     * @param estimator its parameters
     */
    public <E extends DeepFmParams<?> & FitParams<?>> EstimatorFrontEnd(E estimator) {
        this.estimator = estimator;
        this.parameters = new HashMap<>(keys(estimator));
        parameters.put("dataset.features", estimator.features());
        parameters.put("dataset.user", estimator.userCol());
        parameters.put("dataset.item", estimator.itemCol());
        parameters.put("dataset.time", estimator.timestampCol());
        parameters.put("dataset.label", estimator.labelCol());
    }

    /** The settings that parameters stand for, by their keys. */
    static <E extends DeepFmParams<?> & FitParams<?>> Map<String, Param<?>> keys(E estimator) {
        return Map.of(
                "model_name", estimator.modelName(),
                "training.epochs", estimator.maxIter(),
                "training.lr", estimator.stepSize(),
                "training.batch_size", estimator.blockSize(),
                "data.num_neg_train", estimator.numNegatives(),
                "seed", estimator.seed());
    }

    /** With the parameter's setter where the parameter is set, as it then wins over {@code setConfig}. */
    @Override
    public String setting(String key, String value) {
        return Optional.<Param<?>>ofNullable(parameters.get(key))
                .filter(estimator::isSet)
                .map(parameter -> setter(parameter) + "(" + literal(value) + ")")
                .orElse("setConfig(\"" + key + "\", " + literal(value) + ")");
    }

    private static String setter(Param<?> parameter) {
        String name = parameter.name();
        return "set" + Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }

    /** Numbers, truth values and placeholders stand as they are. */
    private static String literal(String value) {
        return value.matches("-?[0-9][0-9.eE+-]*|true|false|[A-Z]+")
                ? value
                : "\"" + value.replace("\"", "\\\"") + "\"";
    }

    @Override
    public String folder(String key) {
        return "setWorkDir(FOLDER)";
    }

    @Override
    public String run(String command) {
        return "Call fit again.";
    }

    @Override
    public String replace(String command) {
        return replace();
    }

    @Override
    public String replace() {
        return "Delete its folder below workDir (prepared-... or run-...) and call fit again.";
    }

    @Override
    public String disk() {
        return "call fit again, which resumes from what is finished; or choose another disk: with setWorkDir(FOLDER), for"
                + " temporary files with TMPDIR and spark.local.dir.";
    }
}
