package io.deepfm.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.deepfm.storage.DataException;
import io.deepfm.storage.Fingerprint;
import io.deepfm.storage.Stage;
import io.deepfm.storage.Storage;
import io.deepfm.storage.Tables;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Raw files to the tables {@code interactions}, {@code users} and {@code items}, checked against each other.
 *
 * <p>Users and items get row numbers 0, 1, ... in the order of their files; an interaction is identified by its line and
 * holds the row numbers of its user and item. All raw columns stay, for the features to be computed from.
 */
public final class IngestStage implements Stage {

    private final SparkSession spark;
    private final Storage storage;
    private final DatasetDefinition dataset;

    /**
     * @param spark the session
     * @param storage the file systems
     * @param dataset what to read
     */
    public IngestStage(SparkSession spark, Storage storage, DatasetDefinition dataset) {
        this.spark = spark;
        this.storage = storage;
        this.dataset = dataset;
    }

    @Override
    public String name() {
        return "ingest";
    }

    @Override
    public List<String> outputs() {
        return List.of(Tables.INTERACTIONS, Tables.USERS, Tables.ITEMS);
    }

    @Override
    public Map<String, String> inputs() {
        Map<String, String> inputs = new LinkedHashMap<>();
        for (TableSource source : List.of(dataset.interactions(), dataset.users(), dataset.items())) {
            inputs.put(new Path(source.path()).getName(), digest(source.path()));
        }
        return inputs;
    }

    @Override
    public Fingerprint settings() {
        // The features are the encoders' concern.
        return new Fingerprint()
                .add("columns", dataset.interactions().columns())
                .add("users", dataset.users().columns())
                .add("items", dataset.items().columns())
                .add("keys", List.of(dataset.userKey(), dataset.itemKey(), dataset.timeColumn()))
                .add("label", dataset.labelExpression())
                .addCode(IngestStage.class, DelimitedReader.class);
    }

    @Override
    public Map<String, Long> run(Path target) {
        DelimitedReader reader = new DelimitedReader(spark, storage);
        Dataset<Row> users = numbered(reader.read(dataset.users()), Tables.USER_ROW);
        Dataset<Row> items = numbered(reader.read(dataset.items()), Tables.ITEM_ROW);
        refuseDuplicates(users, dataset.userKey(), dataset.users().path());
        refuseDuplicates(items, dataset.itemKey(), dataset.items().path());
        Dataset<Row> raw = reader.read(dataset.interactions());
        refuseUnknown(raw, users, dataset.userKey(), dataset.users().path());
        refuseUnknown(raw, items, dataset.itemKey(), dataset.items().path());
        Dataset<Row> interactions = raw.join(users.select(dataset.userKey(), Tables.USER_ROW), dataset.userKey())
                .join(items.select(dataset.itemKey(), Tables.ITEM_ROW), dataset.itemKey())
                .withColumn(Tables.LABEL, expr(dataset.labelExpression()).cast("int"))
                .withColumn(Tables.TIME, col(dataset.timeColumn()))
                .withColumnRenamed(DelimitedReader.LINE, Tables.INTERACTION);
        return Map.of(
                Tables.USERS, ParquetTables.write(users.drop(DelimitedReader.LINE), new Path(target, Tables.USERS)),
                Tables.ITEMS, ParquetTables.write(items.drop(DelimitedReader.LINE), new Path(target, Tables.ITEMS)),
                Tables.INTERACTIONS, ParquetTables.write(interactions, new Path(target, Tables.INTERACTIONS)));
    }

    private Dataset<Row> numbered(Dataset<Row> table, String rowColumn) {
        JavaRDD<Row> rows = table.javaRDD().zipWithIndex().map(pair -> {
            Object[] values = new Object[pair._1.length() + 1];
            values[0] = Math.toIntExact(pair._2);
            for (int i = 0; i < pair._1.length(); i++) {
                values[i + 1] = pair._1.get(i);
            }
            return RowFactory.create(values);
        });
        StructType schema = new StructType().add(rowColumn, DataTypes.IntegerType, false);
        for (var field : table.schema().fields()) {
            schema = schema.add(field);
        }
        return spark.createDataFrame(rows, schema);
    }

    /** Throws if a key stands on two lines of a file. */
    static void refuseDuplicates(Dataset<Row> table, String key, String path) {
        Dataset<Row> duplicates = table.groupBy(key)
                .agg(
                        count(lit(1)).as("times"),
                        min(DelimitedReader.LINE).as("first_line"),
                        max(DelimitedReader.LINE).as("last_line"))
                .filter("times > 1")
                .select(
                        col("last_line").as(DelimitedReader.LINE),
                        concat(
                                lit("column " + key + " repeats the value "),
                                col(key).cast("string"),
                                lit(" of line "),
                                col("first_line").cast("string")));
        DelimitedReader.refuse(duplicates, path, "Each " + key + " must stand on one line only.");
    }

    private void refuseUnknown(Dataset<Row> raw, Dataset<Row> known, String key, String knownPath) {
        Dataset<Row> unknown = raw.join(known.select(key), raw.col(key).equalTo(known.col(key)), "left_anti")
                .groupBy(key)
                .agg(first(DelimitedReader.LINE), min(DelimitedReader.LINE).as(DelimitedReader.LINE))
                .select(
                        col(DelimitedReader.LINE),
                        concat(
                                lit("column " + key + " has the value "),
                                col(key).cast("string"),
                                lit(", which " + new Path(knownPath).getName() + " does not list")));
        DelimitedReader.refuse(
                unknown, dataset.interactions().path(), "Add the missing lines to " + knownPath + " or remove these.");
    }

    private String digest(String path) {
        if (!storage.exists(new Path(path))) {
            throw new DataException("There is no file " + path + ". Put it there, set data.data_dir to the folder"
                    + " that holds it, or run: scripts/deepfm download --config ...");
        }
        try (InputStream in = storage.open(new Path(path));
                DigestInputStream digested = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digested.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digested.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + path, e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
