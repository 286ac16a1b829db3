package io.deepfm.tuning;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import io.deepfm.config.space.SearchSpace;
import io.deepfm.config.space.SearchSpace.Setting;
import io.deepfm.config.space.Values;
import io.deepfm.job.Configurations;
import io.deepfm.job.progress.JobListener;
import io.deepfm.storage.Storage;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "training.lr",
                "model.heads",
                "data.num_neg_train",
                "data.negatives_for",
                "data.pair_weight",
                "data.shard_rows",
                "dataset.features"
            })
    void whatDecidesTrainingAloneIsSearched(String key) {
        assertThatCode(() -> search(key)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "seed",
                "training.metric",
                "training.epochs",
                "data.num_neg_eval",
                "data.negatives",
                "data.repeated_pairs",
                "evaluation.ks",
                "dataset.label"
            })
    void whatDecidesWhatIsMeasuredIsNot(String key) {
        assertThatThrownBy(() -> search(key))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("The space's " + key + " cannot be searched");
    }

    private static Search search(String key) {
        SearchSpace space = new SearchSpace(List.of(new Setting(key, new Values.Listed(List.of("1", "2")), Map.of())));
        return new Search(
                new Plan(Plan.Method.RANDOM, 2, 1, 1),
                space,
                overrides -> Configurations.defaults(overrides.toArray(String[]::new)),
                new Storage(new Configuration()),
                null,
                JobListener.NONE);
    }
}
