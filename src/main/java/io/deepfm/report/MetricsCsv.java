package io.deepfm.report;

import io.deepfm.training.EpochResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The content of {@code metrics.csv}: one line per epoch. */
public final class MetricsCsv {

    private MetricsCsv() {}

    /**
     * Writes the epochs.
     *
     * @param epochs the epochs so far, at least one
     * @return the header and one line for each
     */
    public static String of(List<EpochResult> epochs) {
        List<String> metrics = List.copyOf(epochs.get(0).validation().keySet());
        StringBuilder csv = new StringBuilder("epoch,learning_rate,train_loss,");
        csv.append(metrics.stream().map(name -> "val_" + name).collect(Collectors.joining(",")));
        csv.append(",train_seconds,wait_seconds,validation_seconds,samples_per_second\n");
        for (EpochResult epoch : epochs) {
            csv.append(epoch.epoch())
                    .append(',')
                    .append(epoch.learningRate())
                    .append(',')
                    .append(epoch.trainLoss());
            metrics.forEach(name -> csv.append(',').append(epoch.validation().get(name)));
            csv.append(String.format(
                    Locale.ROOT,
                    ",%.3f,%.3f,%.3f,%.0f%n",
                    epoch.trainSeconds(),
                    epoch.waitSeconds(),
                    epoch.validationSeconds(),
                    epoch.rows() / epoch.trainSeconds()));
        }
        return csv.toString();
    }

    /**
     * Reads the epochs.
     *
     * @param csv what {@link #of} wrote
     * @return for each epoch its values by column
     */
    public static List<Map<String, Double>> read(String csv) {
        List<String> lines = csv.lines().toList();
        String[] names = lines.get(0).split(",");
        List<Map<String, Double>> epochs = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.split(",");
            Map<String, Double> epoch = new LinkedHashMap<>();
            for (int i = 0; i < names.length; i++) {
                epoch.put(names[i], values[i].equals("null") ? Double.NaN : Double.parseDouble(values[i]));
            }
            epochs.add(epoch);
        }
        return epochs;
    }
}
