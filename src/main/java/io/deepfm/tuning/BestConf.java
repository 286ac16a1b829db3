package io.deepfm.tuning;

import io.deepfm.config.redaction.Redaction;
import io.deepfm.metrics.MonitoredMetric;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The content of {@code best.conf}: a configuration that trains the chosen settings.
 *
 * @param file the search's configuration, which it includes
 * @param overrides those of the search's command line
 * @param folder the search's
 * @param trial the chosen one
 */
record BestConf(Path file, List<String> overrides, org.apache.hadoop.fs.Path folder, Trial trial) {

    String text(MonitoredMetric metric, double mean, int seeds) {
        List<String> lines = new ArrayList<>();
        lines.add("# %s, the best by validation: %s %s"
                .formatted(
                        trial.name(),
                        metric.name(),
                        String.format(Locale.ROOT, "%.4f, the mean over %d seeds.", mean, seeds)));
        lines.add("");
        lines.add("include file(" + quoted(file.toAbsolutePath().normalize().toString()) + ")");
        lines.add("");
        Map<String, String> settings = new LinkedHashMap<>();
        for (String override : overrides) {
            int equals = override.indexOf('=');
            settings.put(
                    override.substring(0, equals).trim(),
                    override.substring(equals + 1).trim());
        }
        settings.putAll(trial.settings());
        settings.put("output_dir", new org.apache.hadoop.fs.Path(folder, "best").toString());
        settings.forEach((key, value) -> lines.add(
                Redaction.of(key, value).equals(value)
                        ? key + " = " + value(value)
                        : "# " + key + " is secret: give it again with --override."));
        return String.join("\n", lines) + "\n";
    }

    /** Lists and objects are HOCON, and so are numbers and plain words; anything else is text. */
    private static String value(String text) {
        return text.startsWith("[") || text.startsWith("{") || text.matches("[A-Za-z0-9_.-]+") ? text : quoted(text);
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
