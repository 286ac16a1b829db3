package io.deepfm.report.section;

import java.util.Map;

/** The cut-off K that the report's words and slices are about. */
final class Cutoff {

    private static final int USUAL = 10;

    private Cutoff() {}

    /** 10 where the metrics have it, else the largest of theirs that is below, else the smallest. */
    static int of(Map<String, Double> metrics) {
        int[] ks = metrics.keySet().stream()
                .filter(name -> name.startsWith("HR@"))
                .mapToInt(name -> Integer.parseInt(name.substring(3)))
                .sorted()
                .toArray();
        int cutoff = ks.length == 0 ? USUAL : ks[0];
        for (int k : ks) {
            cutoff = k <= USUAL ? k : cutoff;
        }
        return cutoff;
    }
}
