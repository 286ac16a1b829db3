package io.deepfm.scoring.task;

import static org.apache.spark.sql.functions.col;

import io.deepfm.data.InternalRows;
import io.deepfm.inference.FeatureTable;
import io.deepfm.schema.Tables;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The users' encoded features on their way from the driver to the tasks that score their lists: each partition gets its own
 * users and no others.
 */
public final class UserFeatures {

    /** Rows that travel in one piece. */
    private static final int SLICE = 4096;

    private static final StructType TYPE = new StructType()
            .add(Tables.USER_INDEX, DataTypes.IntegerType, false)
            .add("ids", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
            .add("values", DataTypes.createArrayType(DataTypes.FloatType, false), false);

    private UserFeatures() {}

    /** Some rows of a table, the first of which has the index {@code start}. */
    private record Slice(int start, FeatureTable table) implements Serializable {

        Iterator<InternalRow> rows() {
            return IntStream.range(0, table.rows()).mapToObj(this::row).iterator();
        }

        private InternalRow row(int row) {
            FeatureTable one = table.slice(row, row + 1);
            return new GenericInternalRow(new Object[] {
                start + row,
                UnsafeArrayData.fromPrimitiveArray(one.ids()),
                UnsafeArrayData.fromPrimitiveArray(one.values())
            });
        }
    }

    /**
     * Spreads a table as Spark spreads rows by a user's index.
     *
     * @param spark the session
     * @param table each user's features
     * @param partitions over how many partitions
     * @return the index (int), the ids (array of int) and the values (array of float), ascending in each partition
     */
    public static JavaRDD<InternalRow> spread(SparkSession spark, FeatureTable table, int partitions) {
        List<Slice> slices = new ArrayList<>();
        for (int start = 0; start < table.rows(); start += SLICE) {
            slices.add(new Slice(start, table.slice(start, Math.min(table.rows(), start + SLICE))));
        }
        JavaRDD<InternalRow> rows = JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(slices, Math.max(1, slices.size()))
                .flatMap(Slice::rows);
        return InternalRows.toDataset(spark, rows, TYPE)
                .repartition(partitions, col(Tables.USER_INDEX))
                .sortWithinPartitions(Tables.USER_INDEX)
                .queryExecution()
                .toRdd()
                .toJavaRDD();
    }

    /** Goes through a partition's users beside rows that are in the same order. */
    static final class Cursor {
        private final Iterator<InternalRow> users;
        private int index = -1;
        private int[] ids;
        private float[] values;

        Cursor(Iterator<InternalRow> users) {
            this.users = users;
        }

        /** Adds the features of a user, who does not come before the last one. */
        void addTo(FeatureRows rows, int user) {
            while (index < user && users.hasNext()) {
                InternalRow row = users.next();
                index = row.getInt(0);
                if (index == user) {
                    ids = row.getArray(1).toIntArray();
                    values = row.getArray(2).toFloatArray();
                }
            }
            if (index != user) {
                throw new IllegalArgumentException("The model has no user of index " + user + ".");
            }
            rows.add(ids, values);
        }
    }
}
