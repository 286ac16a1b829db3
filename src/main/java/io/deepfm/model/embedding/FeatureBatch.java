package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import io.deepfm.schema.FieldGroup;
import java.util.Arrays;
import java.util.Map;

/**
 * The input of a model: for each group of fields a table, and which of its rows belongs to each row of the batch.
 *
 * @param groups the groups that have fields
 * @param tables what their ids are rows of
 */
public record FeatureBatch(Map<FieldGroup, Group> groups, TableRows tables) {

    /**
     * A batch whose ids are rows of the model's tables.
     *
     * @param groups the groups that have fields
     */
    public FeatureBatch(Map<FieldGroup, Group> groups) {
        this(groups, TableRows.ALL);
    }

    /**
     * Row numbers as the engine gathers by them: it would copy others each time.
     *
     * @param numbers the numbers
     * @return the same
     */
    public static long[] rowNumbers(int[] numbers) {
        return Arrays.stream(numbers).asLongStream().toArray();
    }

    /**
     * The encoded features of one group.
     *
     * @param ids integer ids of its sparse and sequence fields side by side, shape (R, W); null where there are none
     * @param values numbers of its dense fields side by side, shape (R, K); null where there are none
     * @param rows integer row numbers into the table, shape (B); null where R = B and row i is batch row i
     * @param prepared what {@link FeatureEmbedding#prepare} found out about its fields; null where it did not
     */
    public record Group(NDArray ids, NDArray values, NDArray rows, GroupEmbedding.Input prepared) {

        /**
         * A table of which nothing is known beforehand.
         *
         * @param ids integer ids, shape (R, W); null where there are none
         * @param values numbers, shape (R, K); null where there are none
         * @param rows integer row numbers into the table, shape (B); null where R = B and row i is batch row i
         */
        public Group(NDArray ids, NDArray values, NDArray rows) {
            this(ids, values, rows, null);
        }

        /**
         * The number of rows of the table.
         *
         * @return R
         */
        long tableRows() {
            return (ids == null ? values : ids).getShape().get(0);
        }

        /**
         * The same table with other rows for the batch.
         *
         * @param others integer row numbers into the table, shape (B)
         * @return a group of B rows
         */
        public Group withRows(NDArray others) {
            return new Group(ids, values, others, prepared);
        }

        /**
         * The table's rows in the order of the batch.
         *
         * @return a group of B rows without row numbers
         */
        public Group gathered() {
            NDArray theirValues = values == null ? null : FeatureEmbedding.gather(values, rows);
            return new Group(
                    ids == null ? null : FeatureEmbedding.gather(ids, rows),
                    theirValues,
                    null,
                    prepared == null ? null : prepared.of(rows, tableRows(), theirValues));
        }
    }
}
