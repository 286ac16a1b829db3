package io.deepfm.tuning;

import io.deepfm.config.space.SearchSpace;
import io.deepfm.metrics.MonitoredMetric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The content of {@code trials.csv}: one line per trial. */
final class TrialsCsv {

    private TrialsCsv() {}

    static String of(Collection<Outcome> outcomes, SearchSpace space, MonitoredMetric metric) {
        List<String> keys =
                space.settings().stream().map(SearchSpace.Setting::key).toList();
        List<String> header =
                new ArrayList<>(List.of("trial", "seed", "epochs", "val_" + metric.name(), "seconds", "failure"));
        header.addAll(keys);
        StringBuilder csv = new StringBuilder(line(header));
        for (Outcome outcome : outcomes) {
            List<String> cells = new ArrayList<>(List.of(
                    outcome.trial().name(),
                    Long.toString(outcome.trial().seed()),
                    Integer.toString(outcome.epochs().size()),
                    Double.isNaN(outcome.value()) ? "" : Double.toString(outcome.value()),
                    String.format(Locale.ROOT, "%.1f", outcome.seconds()),
                    outcome.failure().orElse("")));
            keys.forEach(key -> cells.add(outcome.trial().settings().getOrDefault(key, "")));
            csv.append(line(cells));
        }
        return csv.toString();
    }

    /** RFC 4180. */
    private static String line(List<String> cells) {
        return cells.stream()
                .map(cell -> cell.matches("[^\",\\r\\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"')
                .collect(Collectors.joining(",", "", "\n"));
    }
}
