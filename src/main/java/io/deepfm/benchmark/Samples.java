package io.deepfm.benchmark;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.EncodeStage;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.inference.ScoringBatch;
import io.deepfm.inference.ScoringBatch.Given;
import io.deepfm.inference.ScoringBatch.Known;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetColumns;
import io.deepfm.training.shard.Batch;
import io.deepfm.training.shard.ShardReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * What models learn from and score, in memory.
 *
 * @param schema the fields
 * @param users the users' features
 * @param items the items' features
 * @param batches training rows
 * @param lists candidate lists
 */
record Samples(
        DatasetSchema schema, FeatureTable users, FeatureTable items, List<Batch> batches, List<ScoringBatch> lists) {

    /** So many training rows and candidates are enough to measure with, however large the dataset. */
    private static final long ENOUGH = 1_000_000;

    private static final int FIELDS = 39;
    private static final int COMMON_VOCABULARY = 1_000;
    private static final int DIM = 8;
    private static final int SYNTHETIC_BATCHES = 8;

    /**
     * Reads the beginning of a dataset.
     *
     * @param work prepared data, with candidate lists
     * @param epoch the shards of a sampled epoch
     * @param config the sizes of batches
     * @return up to a million training rows and candidates
     */
    static Samples read(WorkDirectory work, Path epoch, ExperimentConfig config) {
        Storage storage = work.storage();
        DatasetSchema schema = EncodeStage.schema(work);
        FeatureTable users =
                FeatureTable.read(storage, work.path(Tables.ENCODED + "/" + Tables.USERS), schema, FieldGroup.USER);
        FeatureTable items =
                FeatureTable.read(storage, work.path(Tables.ENCODED + "/" + Tables.ITEMS), schema, FieldGroup.ITEM);
        ShardReader reader = new ShardReader(
                storage,
                epoch,
                schema,
                new ShardReader.Tables(users.rows(), items.rows()),
                config.training().batchSize());
        List<Batch> batches = new ArrayList<>();
        for (long rows = 0;
                reader.hasNext() && rows < ENOUGH;
                rows += batches.get(batches.size() - 1).rows()) {
            batches.add(reader.next());
        }
        Path candidates = work.path(Tables.CANDIDATES + "/" + Tables.VALIDATION);
        return new Samples(schema, users, items, batches, lists(storage, candidates, schema));
    }

    private static List<ScoringBatch> lists(Storage storage, Path folder, DatasetSchema schema) {
        List<String> names = new ArrayList<>(List.of(Tables.USER_INDEX, Tables.ITEM_INDEX, Tables.NEGATIVES));
        schema.fields(FieldGroup.CONTEXT).forEach(field -> names.add(field.name()));
        List<ScoringBatch> batches = new ArrayList<>();
        long candidates = 0;
        for (FileStatus file : storage.files(folder, ".parquet")) {
            ParquetColumns columns = ParquetColumns.read(storage, file.getPath(), names);
            FeatureTable context = FeatureTable.of(columns, schema, FieldGroup.CONTEXT);
            int[] offsets = columns.offsets(Tables.NEGATIVES);
            for (int start = 0; start < columns.rows() && candidates < ENOUGH; ) {
                int end = start + 1;
                while (end < columns.rows() && offsets[end + 1] - offsets[start] + end + 1 - start <= Scorer.MANY) {
                    end++;
                }
                ScoringBatch batch = lists(columns, context, start, end);
                batches.add(batch);
                candidates += batch.candidates();
                start = end;
            }
        }
        return batches;
    }

    /** The candidate lists of some rows: each row's held-out item, then its negatives. */
    private static ScoringBatch lists(ParquetColumns columns, FeatureTable context, int start, int end) {
        int[] negatives = columns.offsets(Tables.NEGATIVES);
        int[] offsets = new int[end - start + 1];
        int[] items = new int[end - start + negatives[end] - negatives[start]];
        for (int row = start; row < end; row++) {
            int drawn = negatives[row + 1] - negatives[row];
            int at = offsets[row - start];
            items[at] = columns.ints(Tables.ITEM_INDEX)[row];
            System.arraycopy(columns.ints(Tables.NEGATIVES), negatives[row], items, at + 1, drawn);
            offsets[row - start + 1] = at + 1 + drawn;
        }
        return new ScoringBatch(
                offsets,
                new Known(Arrays.copyOfRange(columns.ints(Tables.USER_INDEX), start, end)),
                new Known(items),
                new Given(context.slice(start, end)));
    }

    /**
     * Makes up a click log of 39 sparse fields, of which one has a vocabulary of any size. Ids are uniform: no batch has
     * a row of the large table twice, but by chance.
     *
     * @param hashBuckets the size of that field's vocabulary
     * @param batchSize rows per batch
     * @return some batches, and no candidate lists
     */
    static Samples clickLog(int hashBuckets, int batchSize) {
        List<FieldSchema> fields = new ArrayList<>();
        for (int i = 1; i < FIELDS; i++) {
            fields.add(FieldSchema.sparse("c" + i, FieldGroup.CONTEXT, COMMON_VOCABULARY, DIM));
        }
        fields.add(FieldSchema.sparse("hashed", FieldGroup.CONTEXT, hashBuckets + 1, DIM));
        SplittableRandom random = new SplittableRandom(1);
        List<Batch> batches = new ArrayList<>();
        for (int b = 0; b < SYNTHETIC_BATCHES; b++) {
            int[] ids = new int[batchSize * FIELDS];
            float[] labels = new float[batchSize];
            for (int row = 0; row < batchSize; row++) {
                for (int f = 0; f < FIELDS; f++) {
                    ids[row * FIELDS + f] = 1 + random.nextInt(fields.get(f).vocabularySize() - 1);
                }
                labels[row] = random.nextInt(4) == 0 ? 1 : 0;
            }
            int[] none = new int[batchSize];
            int[] offsets = IntStream.rangeClosed(0, batchSize).toArray();
            batches.add(new Batch(none, offsets, none, labels, new FeatureTable(batchSize, ids, new float[0])));
        }
        FeatureTable nobody = new FeatureTable(1, new int[0], new float[0]);
        return new Samples(new DatasetSchema(fields, "click"), nobody, nobody, batches, List.of());
    }
}
