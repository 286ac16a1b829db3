package io.deepfm.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.Datasets;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.dataset.FeatureDefinition.Scaling;
import io.deepfm.job.Configurations;
import io.deepfm.schema.Tables;
import io.deepfm.storage.parquet.ParquetColumns;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** However Spark spreads the work, every table has the same rows and an epoch the same order. */
@Tag("proof")
class SameRowsIT {

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

    /** Its numbers are scaled in every way there is, by sums that must not depend on the order of rows. */
    @Test
    void norAnythingInALogOfClicks() {
        Map<String, List<String>> one = runClicks("local[1]", 3);
        assertThat(one.get("order")).hasSizeGreaterThan(1000);
        assertThat(one.get("encoders").get(0)).contains("\"standard\"", "\"log1p\"", "\"min_max\"", "\"none\"");
        assertThat(runClicks("local[2]", 17)).isEqualTo(one);
    }

    private static Map<String, List<String>> runClicks(String master, int partitions) {
        Path work = folder.resolve("clicks-" + master.replaceAll("\\W", "") + partitions);
        DatasetDefinition log = Datasets.of(Configurations.load(Path.of("conf/deepfm_clicks.conf"), List.of()));
        List<FeatureDefinition> features = new ArrayList<>(log.features());
        List<Scaling> scalings = List.of(Scaling.STANDARD, Scaling.MIN_MAX, Scaling.NONE);
        for (int i = 0; i < scalings.size(); i++) {
            features.set(i, scaled(features.get(i), scalings.get(i)));
        }
        DatasetDefinition dataset = log.withFeatures(features);
        try (PreparedData data = new PreparedData(
                        master,
                        partitions,
                        "sample-data/clicks",
                        work,
                        "data.split_strategy=random",
                        "data.shard_rows=900")
                .prepare(dataset, 2)) {
            return content(data);
        }
    }

    private static FeatureDefinition scaled(FeatureDefinition feature, Scaling scaling) {
        return new FeatureDefinition(
                feature.name(),
                feature.type(),
                feature.group(),
                feature.history(),
                feature.expression(),
                feature.buckets(),
                feature.embeddingDim(),
                feature.maxLength(),
                feature.combiner(),
                feature.minFrequency(),
                feature.hashBuckets(),
                Optional.of(scaling));
    }

    private static Map<String, List<String>> run(String master, int partitions) {
        Path work = folder.resolve(master.replaceAll("\\W", "") + partitions);
        try (PreparedData data = new PreparedData(
                        master,
                        partitions,
                        files.toString(),
                        work,
                        "data.dataset_name=movielens-100k-history",
                        "data.num_neg_eval=10",
                        "data.shard_rows=90")
                .prepare(2)) {
            return content(data);
        }
    }

    private static Map<String, List<String>> content(PreparedData data) {
        Map<String, List<String>> content = new LinkedHashMap<>();
        List<String> tables = new ArrayList<>(TABLES);
        if (!data.dataset().histories().isEmpty()) {
            tables.add(Tables.ENCODED + "/" + Tables.HISTORY);
            tables.add(Tables.ENCODED + "/" + Tables.TEST_SEEING_TRAIN);
        }
        for (String table : tables) {
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
                            List.of(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.LABEL, Tables.NEGATIVES));
                    int[] offsets = shard.offsets(Tables.NEGATIVES);
                    for (int i = 0; i < shard.rows(); i++) {
                        int[] negatives = Arrays.copyOfRange(shard.ints(Tables.NEGATIVES), offsets[i], offsets[i + 1]);
                        rows.add(shard.ints(Tables.USER_INDEX)[i] + " " + shard.ints(Tables.ITEM_INDEX)[i] + " "
                                + shard.ints(Tables.LABEL)[i] + " " + Arrays.toString(negatives));
                    }
                });
        return rows;
    }
}
