package io.deepfm.comparison;

import io.deepfm.metrics.CandidateList;
import io.deepfm.metrics.Ndcg;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * Where each held-out item stands in its candidate list.
 *
 * @param lists ascending by user and item
 */
record HeldOutRanks(List<Ranked> lists) {

    /**
     * One list.
     *
     * @param user the user's index
     * @param item the held-out item's index
     * @param label its label
     * @param candidates how many items were ranked
     * @param rank the held-out item's place, from 1
     * @param auc the AUC within the list; NaN where there is no other item
     */
    record Ranked(int user, int item, int label, int candidates, int rank, double auc) {

        /** Whether another list ranks the same item for the same user among as many. */
        boolean isOfSameCandidates(Ranked other) {
            return user == other.user && item == other.item && label == other.label && candidates == other.candidates;
        }

        double hit(int k) {
            return rank <= k ? 1 : 0;
        }

        double gain(int k) {
            return Ndcg.gain(rank, k);
        }
    }

    private static final Comparator<Ranked> ORDER = Comparator.comparingInt(Ranked::user)
            .thenComparingInt(Ranked::item)
            .thenComparingInt(Ranked::label)
            .thenComparingInt(Ranked::rank);

    /**
     * Reads the rankings of a split.
     *
     * @param storage the file systems
     * @param folder Parquet files
     * @return all lists
     * @throws DataException if there are none
     */
    static HeldOutRanks read(Storage storage, Path folder) {
        if (!storage.exists(folder)) {
            throw new DataException(folder + ": there are no rankings. Run the stage score of this run again.");
        }
        List<Ranked> lists = new ArrayList<>();
        for (FileStatus file : storage.files(folder, ".parquet")) {
            ParquetColumns columns = ParquetColumns.read(
                    storage,
                    file.getPath(),
                    List.of(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.LABEL, "logit", "negative_logits"));
            int[] offsets = columns.offsets("negative_logits");
            for (int row = 0; row < columns.rows(); row++) {
                CandidateList list = new CandidateList(
                        columns.ints(Tables.LABEL)[row],
                        columns.floats("logit")[row],
                        Arrays.copyOfRange(columns.floats("negative_logits"), offsets[row], offsets[row + 1]));
                lists.add(new Ranked(
                        columns.ints(Tables.USER_INDEX)[row],
                        columns.ints(Tables.ITEM_INDEX)[row],
                        list.label(),
                        1 + list.negativeLogits().length,
                        list.rank(),
                        list.auc()));
            }
        }
        lists.sort(ORDER);
        return new HeldOutRanks(lists);
    }
}
