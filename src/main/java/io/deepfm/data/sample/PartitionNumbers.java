package io.deepfm.data.sample;

import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Column;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;

/**
 * Puts rows into partitions that the program chooses. Spark chooses by the hash of a column, so for each partition a number
 * is sought whose hash leads there.
 */
final class PartitionNumbers {

    /** The seed of the hash by which Spark partitions. */
    private static final int SPARK_SEED = 42;

    private static final Pattern FILE = Pattern.compile("part-(\\d+)-.*");

    private final int[] numbers;

    /**
     * @param count how many partitions
     */
    PartitionNumbers(int count) {
        numbers = new int[count];
        Arrays.fill(numbers, -1);
        int found = 0;
        for (int number = 0; found < count; number++) {
            int partition = Math.floorMod(Murmur3_x86_32.hashInt(number, SPARK_SEED), count);
            if (numbers[partition] < 0) {
                numbers[partition] = number;
                found++;
            }
        }
    }

    /** The number of partitions. */
    int count() {
        return numbers.length;
    }

    /**
     * What to partition by.
     *
     * @param partition which partition a row belongs to, from 0 (int)
     * @return the column for {@code Dataset.repartition(count, column)}
     */
    Column column(Column partition) {
        return element_at(lit(numbers), partition.plus(1));
    }

    /**
     * The partition that a file of a table was written from.
     *
     * @param name the name that Spark gave it
     * @return from 0
     */
    static int ofFile(String name) {
        Matcher matcher = FILE.matcher(name);
        if (!matcher.matches()) {
            throw new IllegalStateException("Spark's files have other names now: " + name);
        }
        return Integer.parseInt(matcher.group(1));
    }
}
