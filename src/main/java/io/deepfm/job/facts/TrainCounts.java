package io.deepfm.job.facts;

import io.deepfm.report.facts.Catalogue;
import io.deepfm.report.statistics.HeldOutRow;
import io.deepfm.schema.Tables;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Counts the training interactions of every item and of the users of the held-out rows, in one pass. */
final class TrainCounts {

    private TrainCounts() {}

    /**
     * Counts.
     *
     * @param train rows with the indices of user and item, at least one
     * @param users how many there are
     * @param items how many there are
     * @param rows whose users are counted
     * @return the counts
     */
    static Catalogue of(Dataset<Row> train, long users, int items, List<HeldOutRow> rows) {
        int[] wanted =
                rows.stream().mapToInt(HeldOutRow::user).distinct().sorted().toArray();
        // One array, the items' counts before the users', as each part of the table adds to one that is sent back.
        int[] counts = train.select(Tables.USER_INDEX, Tables.ITEM_INDEX)
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(part -> {
                    int[] own = new int[items + wanted.length];
                    part.forEachRemaining(row -> {
                        own[row.getInt(1)]++;
                        int user = Arrays.binarySearch(wanted, row.getInt(0));
                        if (user >= 0) {
                            own[items + user]++;
                        }
                    });
                    return List.of(own).iterator();
                })
                .reduce((some, others) -> {
                    for (int i = 0; i < some.length; i++) {
                        some[i] += others[i];
                    }
                    return some;
                });
        Map<Integer, Long> activity = new HashMap<>();
        for (int i = 0; i < wanted.length; i++) {
            activity.put(wanted[i], (long) counts[items + i]);
        }
        return new Catalogue(Arrays.copyOf(counts, items), users, activity);
    }
}
