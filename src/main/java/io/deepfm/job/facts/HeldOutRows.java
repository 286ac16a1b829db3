package io.deepfm.job.facts;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.pmod;
import static org.apache.spark.sql.functions.xxhash64;

import io.deepfm.metrics.CandidateList;
import io.deepfm.report.statistics.HeldOutRow;
import io.deepfm.schema.Tables;
import io.deepfm.scoring.RankingJob;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * The held-out rows that the report is about.
 *
 * @param total how many there are
 * @param hasUsers whether the rows of a user stay together; else each row is drawn by itself
 */
record HeldOutRows(long total, boolean hasUsers) {

    /** So many rows at most, about; of more a sample is taken, the same whenever the same data is looked at. */
    static final int MOST = 50_000;

    /** How many of a ranking's first items are kept. */
    static final int FIRST = 10;

    private static final int PARTS = 1 << 20;

    /**
     * Which rows are in the sample.
     *
     * @return true for rows of any table with users and interactions
     */
    Column areSampled() {
        return total <= MOST
                ? lit(true)
                : pmod(xxhash64(col(hasUsers ? Tables.USER_INDEX : Tables.INTERACTION)), lit(PARTS))
                        .lt((long) (PARTS * (MOST / (double) total)));
    }

    /** Reads them from the rankings, in the order of the raw file. */
    List<HeldOutRow> of(Dataset<Row> rankings) {
        return rankings
                .filter(areSampled())
                .select(
                        Tables.USER_INDEX,
                        Tables.ITEM_INDEX,
                        Tables.INTERACTION,
                        Tables.LABEL,
                        RankingJob.LOGIT,
                        RankingJob.LIKE_LOGIT,
                        Tables.NEGATIVES,
                        RankingJob.NEGATIVE_LOGITS)
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .map(HeldOutRows::row)
                .collect()
                .stream()
                .sorted(Comparator.comparingLong(HeldOutRow::interaction))
                .toList();
    }

    private static HeldOutRow row(InternalRow row) {
        int[] negatives = row.getArray(6).toIntArray();
        int[] items = new int[1 + negatives.length];
        items[0] = row.getInt(1);
        System.arraycopy(negatives, 0, items, 1, negatives.length);
        CandidateList list = new CandidateList(
                row.getInt(0),
                row.getInt(3),
                row.getFloat(4),
                row.getFloat(5),
                items,
                row.getArray(7).toFloatArray());
        return new HeldOutRow(
                list.user(),
                items[0],
                row.getLong(2),
                list.label(),
                list.rank(),
                items.length,
                list.likeLogit(),
                list.auc(),
                Arrays.stream(list.first(FIRST)).boxed().toList());
    }
}
