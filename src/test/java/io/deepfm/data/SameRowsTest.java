package io.deepfm.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetColumns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However Spark spreads the work, every table has the same rows and an epoch the same order. */
class SameRowsTest {

    private static final List<String> TABLES = List.of(
            Tables.INTERACTIONS,
            Tables.USERS,
            Tables.ITEMS,
            Tables.SPLIT + "/train",
            Tables.SPLIT + "/validation",
            Tables.SPLIT + "/test",
            Tables.ENCODED + "/users",
            Tables.ENCODED + "/items",
            Tables.ENCODED + "/interactions/train",
            Tables.ENCODED + "/interactions/validation",
            Tables.ENCODED + "/interactions/test",
            EncodeStage.SEEN,
            Tables.CANDIDATES + "/validation",
            Tables.CANDIDATES + "/test",
            Tables.EPOCHS + "/epoch-00001",
            Tables.EPOCHS + "/epoch-00002");

    @TempDir
    private static Path folder;

    private static Path files;

    @BeforeAll
    static void write() {
        files = TinyDataset.write(folder.resolve("raw"));
    }

    @Test
    void masterAndPartitionsChangeNothing() {
        Map<String, List<String>> one = run("local[1]", 3);
        assertThat(one.get("order")).hasSizeGreaterThan(150);
        assertThat(run("local[2]", 17)).isEqualTo(one);
    }

    private static Map<String, List<String>> run(String master, int partitions) {
        Path work = folder.resolve(master.replaceAll("\\W", "") + partitions);
        Map<String, List<String>> content = new LinkedHashMap<>();
        try (PreparedData data = new PreparedData(
                        master, partitions, files.toString(), work, "data.num_neg_eval=10", "data.shard_rows=90")
                .prepare(2)) {
            for (String table : TABLES) {
                content.put(
                        table,
                        data.table(table).collectAsList().stream()
                                .map(Row::toString)
                                .sorted()
                                .toList());
            }
            content.put("order", order(data));
            content.put("schema", List.of(data.work.storage().readString(data.work.path(EncodeStage.SCHEMA))));
            content.put("encoders", List.of(data.work.storage().readString(data.work.path(EncodeStage.ENCODERS))));
        }
        return content;
    }

    /** The groups of an epoch as a trainer reads them: shard after shard. */
    private static List<String> order(PreparedData data) {
        List<String> rows = new ArrayList<>();
        data.work.storage().files(data.work.path(Tables.EPOCHS + "/epoch-00001"), ".parquet").stream()
                .map(FileStatus::getPath)
                .sorted(Comparator.comparingInt(
                        file -> Integer.parseInt(file.getParent().getName().substring("shard=".length()))))
                .forEach(file -> {
                    ParquetColumns shard = ParquetColumns.read(
                            data.work.storage(),
                            file,
                            List.of(Tables.USER_ROW, Tables.ITEM_ROW, Tables.LABEL, Tables.NEGATIVES));
                    int[] offsets = shard.offsets(Tables.NEGATIVES);
                    for (int i = 0; i < shard.rows(); i++) {
                        int[] negatives = Arrays.copyOfRange(shard.ints(Tables.NEGATIVES), offsets[i], offsets[i + 1]);
                        rows.add(shard.ints(Tables.USER_ROW)[i] + " " + shard.ints(Tables.ITEM_ROW)[i] + " "
                                + shard.ints(Tables.LABEL)[i] + " " + Arrays.toString(negatives));
                    }
                });
        return rows;
    }
}
