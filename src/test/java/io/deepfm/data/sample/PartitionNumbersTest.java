package io.deepfm.data.sample;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.spark_partition_id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionNumbersTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 200})
    void sparkPutsEachRowIntoTheChosenPartition(int count) throws IOException {
        PartitionNumbers numbers = new PartitionNumbers(count);
        try (SparkSession spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .getOrCreate()) {
            List<Row> rows = spark.range(1000)
                    .selectExpr("cast(id % " + count + " as int) as wanted")
                    .repartition(numbers.count(), numbers.column(col("wanted")))
                    .select(col("wanted"), spark_partition_id().as("partition"))
                    .collectAsList();
            assertThat(rows).hasSize(1000).allMatch(row -> row.getInt(0) == row.getInt(1));
        }
    }

    @Test
    void aFileTellsItsPartition() {
        assertThat(PartitionNumbers.ofFile("part-00012-0a1b2c3d-c000.snappy.parquet"))
                .isEqualTo(12);
        assertThatThrownBy(() -> PartitionNumbers.ofFile("12.parquet")).isInstanceOf(IllegalStateException.class);
    }
}
