package io.deepfm.training.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.training.GroupFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardReaderTest {

    @TempDir
    private Path folder;

    private final Storage storage = new Storage(new Configuration());

    /** A group; its hour is 10 times its user. */
    private record Row(int user, int item, int label, int... negatives) {}

    @Test
    void groupsAreExpandedAndNeverSplit() {
        write(0, new Row(0, 5, 1, 6, 7), new Row(1, 4, 0));
        write(1, new Row(2, 3, 1, 1, 2), new Row(0, 2, 1, 8));
        List<Batch> batches = read(4);
        assertThat(batches).hasSize(3);
        Batch first = batches.get(0);
        assertThat(first.users()).containsExactly(0, 1);
        assertThat(first.offsets()).containsExactly(0, 3, 4);
        assertThat(first.groupOfRow()).containsExactly(0, 0, 0, 1);
        assertThat(first.items()).containsExactly(5, 6, 7, 4);
        assertThat(first.labels()).containsExactly(1, 0, 0, 0);
        assertThat(first.context().ids()).containsExactly(0, 10);
        assertThat(batches.get(1).items()).as("a group that does not fit waits").containsExactly(3, 1, 2);
        assertThat(batches.get(2).items()).containsExactly(2, 8);
    }

    @Test
    void aBatchRunsAcrossShards() {
        write(2, new Row(2, 5, 1, 6));
        write(10, new Row(1, 1, 1, 2));
        write(0, new Row(0, 3, 1));
        List<Batch> batches = read(100);
        assertThat(batches).hasSize(1);
        assertThat(batches.get(0).users()).containsExactly(0, 2, 1);
        assertThat(batches.get(0).offsets()).containsExactly(0, 1, 3, 5);
        assertThat(batches.get(0).items()).containsExactly(3, 5, 6, 1, 2);
        assertThat(batches.get(0).context().ids()).containsExactly(0, 20, 10);
    }

    /** A group's weight is 1 more than its user; its negatives weigh 1. */
    @Test
    void weightsAreThoseOfTheObservedRows() {
        write(0, user -> Optional.of(1f + user), new Row(2, 5, 1, 6, 7), new Row(0, 4, 1));
        write(1, user -> Optional.of(1f + user), new Row(1, 3, 1, 1));
        try (NDManager manager = NDManager.newBaseManager()) {
            Batch all = read(100).get(0);
            assertThat(all.weights()).containsExactly(3, 1, 2);
            assertThat(all.targets(manager).weights().orElseThrow().toFloatArray())
                    .containsExactly(3, 1, 1, 1, 2, 1);
        }
        assertThat(read(4)).extracting(batch -> batch.weights().length).containsExactly(2, 1);
    }

    @Test
    void withoutWeightsThereIsNothingToMultiply() {
        write(0, new Row(0, 5, 1, 6, 7), new Row(1, 4, 0));
        write(1, new Row(2, 3, 1));
        try (NDManager manager = NDManager.newBaseManager()) {
            assertThat(read(100).get(0).targets(manager).weights()).isEmpty();
        }
    }

    @Test
    void aGroupLargerThanABatchIsABatch() {
        write(0, new Row(0, 5, 1, 1, 2, 3, 4), new Row(1, 5, 1, 6, 7, 8));
        assertThat(read(2)).extracting(Batch::rows).containsExactly(5, 4);
    }

    @Test
    void noBatchHasASingleRow() {
        write(0, new Row(0, 5, 1), new Row(0, 1, 1, 1, 2, 3, 4), new Row(1, 5, 1, 6), new Row(2, 1, 0));
        assertThat(read(2)).extracting(Batch::rows).containsExactly(6, 3);
    }

    @Test
    void whatIsNoUserItemOrLabelIsRefusedByFileColumnAndValue() {
        assertRefused(new Row(-1, 5, 1), "user_index", "-1");
        assertRefused(new Row(3, 5, 1), "user_index", "3");
        assertRefused(new Row(0, 9, 1), "item_index", "9");
        assertRefused(new Row(0, 0, 1, 2, -7), "negatives", "-7");
        assertRefused(new Row(0, 0, 1, 2, 1_000_000), "negatives", "1000000");
        assertRefused(new Row(0, 0, 2), "label", "2");
    }

    private void assertRefused(Row bad, String column, String value) {
        write(0, new Row(0, 1, 1), bad);
        assertThatThrownBy(() -> read(4))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("shard=0", "part-0.parquet", column, " " + value, "deepfm sample");
    }

    @Test
    void aMissingEpochAndADamagedShardAreNamed() throws IOException {
        assertThatThrownBy(() -> reader(folder.resolve("epoch-00009"), 4))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("epoch-00009", "does not exist", "deepfm sample");
        write(0, new Row(0, 1, 1, 2));
        write(1, new Row(0, 1, 1, 2));
        Files.writeString(folder.resolve("shard=1/part-0.parquet"), "not Parquet");
        assertThatThrownBy(() -> read(4))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("shard=1", "part-0.parquet", "--force");
    }

    @Test
    void readAheadHandsOverElementsAndErrorsInTheirOrderAndStops() {
        List<Integer> numbers = IntStream.range(0, 100).boxed().toList();
        try (ReadAhead<Integer> ahead = new ReadAhead<>(numbers.iterator(), number -> number, 2, "test")) {
            for (int number : numbers) {
                assertThat(ahead.next()).isEqualTo(number);
            }
        }
        DataException error = new DataException("damaged");
        Iterator<Integer> failing = numbers.stream()
                .peek(number -> {
                    if (number == 1) {
                        throw error;
                    }
                })
                .iterator();
        try (ReadAhead<Integer> ahead = new ReadAhead<>(failing, number -> number, 2, "test")) {
            assertThat(ahead.next()).isZero();
            assertThatThrownBy(ahead::next).isSameAs(error);
        }
        try (ReadAhead<Integer> ahead = new ReadAhead<>(numbers.iterator(), number -> number, 2, "abandoned")) {
            ahead.next();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("abandoned");
    }

    private List<Batch> read(int batchSize) {
        List<Batch> batches = new ArrayList<>();
        reader(folder, batchSize).forEachRemaining(batches::add);
        return batches;
    }

    private ShardReader reader(Path epoch, int batchSize) {
        DatasetSchema schema =
                new DatasetSchema(List.of(FieldSchema.sparse("hour", FieldGroup.CONTEXT, 31, 2)), "label");
        return new ShardReader(
                storage,
                new org.apache.hadoop.fs.Path(epoch.toString()),
                schema,
                new ShardReader.Tables(3, 9),
                batchSize);
    }

    private void write(int shard, Row... rows) {
        write(shard, user -> Optional.empty(), rows);
    }

    private void write(int shard, IntFunction<Optional<Float>> weightOfUser, Row... rows) {
        try {
            GroupFile.write(
                    folder.resolve("shard=" + shard + "/part-0.parquet"),
                    Stream.of(rows)
                            .map(row -> new GroupFile.Row(
                                    row.user(),
                                    row.item(),
                                    row.label(),
                                    10 * row.user(),
                                    weightOfUser.apply(row.user()),
                                    row.negatives()))
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
