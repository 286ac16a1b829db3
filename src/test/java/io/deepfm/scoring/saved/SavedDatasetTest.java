package io.deepfm.scoring.saved;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.Located;
import io.deepfm.data.EncodeStage;
import io.deepfm.data.PreparedData;
import io.deepfm.data.TinyDataset;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.dataset.TableSource;
import io.deepfm.inference.FeatureTable;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are read to predict for get the ids that training gave them. */
class SavedDatasetTest {

    @TempDir
    private static Path folder;

    private static PreparedData data;
    private static Path raw;
    private static SavedDataset saved;

    @BeforeAll
    static void prepare() {
        raw = TinyDataset.write(folder.resolve("raw"));
        data = new PreparedData("local[2]", 2, raw.toString(), folder.resolve("work"));
        data.prepare(withContext(data.dataset()), 0);
        saved = read(data.work.path(Tables.ENCODED));
    }

    @AfterAll
    static void stop() {
        data.close();
    }

    @Test
    void usersOfAFileGetTheIdsOfTraining() {
        assertThat(features(saved.tables().usersOf(file("u.user")), Tables.USER_KEY, FieldGroup.USER))
                .hasSize(TinyDataset.USERS)
                .isEqualTo(encoded(Tables.USERS, Tables.USER_KEY, FieldGroup.USER))
                .isEqualTo(features(saved.tables().savedUsers(), Tables.USER_KEY, FieldGroup.USER));
    }

    /** A model that was stored when the columns of indices had other names predicts as it did. */
    @Test
    void theTablesOfEarlierVersionsAreRead() throws IOException {
        Path earlier = folder.resolve("earlier/encoded");
        FileUtils.copyDirectory(folder.resolve("work/encoded").toFile(), earlier.toFile());
        Map<String, List<String>> names = Map.of(
                Tables.USERS,
                List.of("user_row"),
                Tables.ITEMS,
                List.of("item_row"),
                Tables.SEEN,
                List.of("user_row", "item_rows"));
        names.forEach((table, former) -> {
            List<String> columns = new ArrayList<>(
                    List.of(data.table(Tables.ENCODED + "/" + table).columns()));
            for (int i = 0; i < former.size(); i++) {
                columns.set(i, former.get(i));
            }
            data.table(Tables.ENCODED + "/" + table)
                    .toDF(columns.toArray(String[]::new))
                    .write()
                    .mode("overwrite")
                    .parquet(earlier.resolve(table).toString());
        });
        SavedDataset of = SavedDataset.read(data.spark, data.work.storage(), hadoop(earlier), schema());

        assertThat(features(of.tables().savedUsers(), Tables.USER_KEY, FieldGroup.USER))
                .isEqualTo(features(saved.tables().savedUsers(), Tables.USER_KEY, FieldGroup.USER));
        assertThat(of.tables().savedItems().columns())
                .isEqualTo(saved.tables().savedItems().columns());
        assertThat(of.seen().collectAsList())
                .containsExactlyInAnyOrderElementsOf(saved.seen().collectAsList());
        FeatureTable items = FeatureTable.read(
                data.work.storage(), hadoop(earlier.resolve(Tables.ITEMS)), schema(), FieldGroup.ITEM);
        assertThat(items.ids())
                .isEqualTo(FeatureTable.read(
                                data.work.storage(),
                                data.work.path(Tables.ENCODED + "/" + Tables.ITEMS),
                                schema(),
                                FieldGroup.ITEM)
                        .ids());
    }

    @Test
    void itemsOfAFileGetTheIdsOfTraining() {
        Dataset<Row> items = saved.tables().items(Optional.of(file("u.item")));
        assertThat(features(items, Tables.ITEM_KEY, FieldGroup.ITEM))
                .hasSize(TinyDataset.ITEMS)
                .isEqualTo(encoded(Tables.ITEMS, Tables.ITEM_KEY, FieldGroup.ITEM))
                .isEqualTo(features(saved.tables().items(Optional.empty()), Tables.ITEM_KEY, FieldGroup.ITEM));
    }

    @Test
    void interactionsOfAFileGetTheIdsOfTraining() {
        Map<Object, List<Object>> training = new TreeMap<>();
        for (String split : Tables.SPLITS) {
            training.putAll(encoded("interactions/" + split, Tables.INTERACTION, FieldGroup.CONTEXT));
        }
        assertThat(features(interactions(saved, file("u.data")), SavedDataset.LINE, FieldGroup.CONTEXT))
                .isNotEmpty()
                .isEqualTo(training);
    }

    @Test
    void interactionsGetTheirUsersAndItemsIds() {
        Map<Object, List<Object>> users = encoded(Tables.USERS, Tables.USER_KEY, FieldGroup.USER);
        Map<Object, List<Object>> items = encoded(Tables.ITEMS, Tables.ITEM_KEY, FieldGroup.ITEM);
        for (Row row : interactions(saved, file("u.data")).collectAsList()) {
            Row raw = row.getAs(SavedDataset.RAW);
            assertThat(values(row.getAs(SavedDataset.features(FieldGroup.USER))))
                    .isEqualTo(users.get(raw.get(0)));
            assertThat(values(row.getAs(SavedDataset.features(FieldGroup.ITEM))))
                    .isEqualTo(items.get(raw.get(1)));
        }
    }

    @Test
    void usersOfAFileComeBesideTheModelsOrInTheirPlace() throws IOException {
        Path users = Files.writeString(folder.resolve("new.user"), "99|20|X|painter|10099\n2|20|M|writer|10099\n");
        Map<Object, List<Object>> before =
                features(saved.tables().users(Optional.empty()), Tables.USER_KEY, FieldGroup.USER);
        Map<Object, List<Object>> after =
                features(saved.tables().users(Optional.of(users.toString())), Tables.USER_KEY, FieldGroup.USER);
        assertThat(after).hasSize(TinyDataset.USERS + 1);
        // The identity, gender and occupation are new; the age and the region are known.
        assertThat(after.get(99L)).startsWith(0, 0).element(3).isEqualTo(0);
        assertThat((Integer) after.get(99L).get(2)).isPositive();
        assertThat((Integer) after.get(99L).get(4)).isPositive();
        assertThat(after.get(2L)).isNotEqualTo(before.get(2L));
        assertThat(after.get(2L).get(0)).isEqualTo(before.get(2L).get(0));
        assertThat(after.get(3L)).isEqualTo(before.get(3L));
    }

    @Test
    void columnsThatNoKeyAndNoFeatureNeedsMayBeMissing() throws IOException {
        Path work = folder.resolve("plain");
        // The same session.
        PreparedData plain = new PreparedData("local[2]", 2, raw.toString(), work).prepare(0);
        plain.work.close();
        Path keys = Files.writeString(folder.resolve("keys.data"), "1\t2\n\n3\t4\n");
        List<Row> rows = interactions(read(plain.work.path(Tables.ENCODED)), keys.toString())
                .orderBy(SavedDataset.LINE)
                .collectAsList();
        assertThat(rows).extracting(row -> row.<Long>getAs(SavedDataset.LINE)).containsExactly(1L, 3L);
        assertThat(rows.get(1).<Row>getAs(SavedDataset.RAW).schema().fieldNames())
                .containsExactly("user_id", "movie_id");
        assertThat(rows.get(1).<Row>getAs(SavedDataset.RAW).getLong(1)).isEqualTo(4);
    }

    @Test
    void columnsThatAContextFeatureNeedsMayNotBeMissing() throws IOException {
        Path keys = Files.writeString(folder.resolve("keys-only.data"), "1\t2\n");
        assertThatThrownBy(() -> interactions(saved, keys.toString()))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll(keys.toString(), "[user_id, movie_id]", "context", "timestamp");
    }

    /** The condition of the interactions is training's: its columns may be missing here. */
    @Test
    void eachRowOfAFileIsAnsweredWhateverTrainingLeavesOut() throws IOException {
        Path unrated = Files.writeString(folder.resolve("unrated.data"), "1\t2\t0\t1000\n3\t4\t-1\t1001\n");
        assertThat(interactions(saved, unrated.toString()).count()).isEqualTo(2);
    }

    /** The dataset with features of the interaction, and a condition. */
    private static DatasetDefinition withContext(DatasetDefinition dataset) {
        List<FeatureDefinition> features = new ArrayList<>(dataset.features());
        features.add(FeatureDefinition.sparse("pair", FieldGroup.CONTEXT, "timestamp % 3", 4));
        features.add(FeatureDefinition.dense("late", FieldGroup.CONTEXT, "timestamp", 0));
        TableSource all = dataset.interactions();
        TableSource rated =
                all.toBuilder().where(Optional.of(Located.of("rating > 0"))).build();
        return dataset.withSources(source -> source.equals(all) ? rated : source)
                .withFeatures(features);
    }

    private static SavedDataset read(org.apache.hadoop.fs.Path encoded) {
        Storage storage = data.work.storage();
        String schema = storage.readString(new org.apache.hadoop.fs.Path(encoded.getParent(), EncodeStage.SCHEMA));
        return SavedDataset.read(data.spark, storage, encoded, DatasetSchema.fromJson(schema));
    }

    private static DatasetSchema schema() {
        return DatasetSchema.fromJson(data.work.storage().readString(data.work.path(EncodeStage.SCHEMA)));
    }

    private static org.apache.hadoop.fs.Path hadoop(Path path) {
        return new org.apache.hadoop.fs.Path(path.toString());
    }

    private static String file(String name) {
        return raw.resolve(name).toString();
    }

    /** The features by key, as the prediction reads them. */
    private static Map<Object, List<Object>> features(Dataset<Row> table, String key, FieldGroup group) {
        return byKey(table.select(key, SavedDataset.features(group) + ".*"));
    }

    /** The features by key, as training reads them. */
    private static Map<Object, List<Object>> encoded(String table, String key, FieldGroup group) {
        List<String> names = withContext(data.dataset()).features(group).stream()
                .map(feature -> feature.name().text())
                .toList();
        return byKey(data.table(Tables.ENCODED + "/" + table).select(key, names.toArray(String[]::new)));
    }

    private static Dataset<Row> interactions(SavedDataset of, String file) {
        return of.interactions(file, Optional.empty(), Optional.empty());
    }

    private static List<Object> values(Row struct) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < struct.length(); i++) {
            values.add(struct.get(i));
        }
        return values;
    }

    private static Map<Object, List<Object>> byKey(Dataset<Row> rows) {
        Map<Object, List<Object>> features = new TreeMap<>();
        for (Row row : rows.orderBy(col(rows.columns()[0])).collectAsList()) {
            List<Object> values = new ArrayList<>();
            for (int i = 1; i < row.length(); i++) {
                values.add(row.get(i));
            }
            assertThat(features.put(row.get(0), values)).isNull();
        }
        return features;
    }
}
