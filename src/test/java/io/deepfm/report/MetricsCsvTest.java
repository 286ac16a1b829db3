package io.deepfm.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.training.EpochResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MetricsCsvTest {

    @Test
    void aLinePerEpochWithItsMetricsInOrder() {
        assertThat(MetricsCsv.of(List.of(epoch(1, 0.001, 0.5, 0.75), epoch(2, 0.0005, 0.25, Double.NaN))))
                .isEqualToNormalizingNewlines(
                        """
                        epoch,learning_rate,train_loss,val_auc,val_logloss,train_seconds,wait_seconds,validation_seconds,samples_per_second
                        1,0.001,0.5,0.75,0.3,2.000,0.125,0.500,500
                        2,5.0E-4,0.25,NaN,0.3,2.000,0.125,0.500,500
                        """);
    }

    private static EpochResult epoch(int epoch, double learningRate, double loss, double auc) {
        Map<String, Double> validation = new LinkedHashMap<>();
        validation.put("auc", auc);
        validation.put("logloss", 0.3);
        return new EpochResult(epoch, learningRate, loss, validation, true, 1000, 2.0, 0.125, 0.5);
    }
}
