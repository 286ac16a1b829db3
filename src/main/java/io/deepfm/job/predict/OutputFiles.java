package io.deepfm.job.predict;

import static org.apache.spark.sql.functions.base64;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.to_json;

import io.deepfm.data.read.TableReader;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetTables;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Writes rows where a person will look for them; their order stays.
 *
 * @param csv one CSV file with a header, in place of a folder of Parquet files
 * @param output the file or folder
 * @param storage the file systems
 */
public record OutputFiles(boolean csv, Path output, Storage storage) implements Output {

    /** Up to so many rows are one Parquet file. */
    private static final long SMALL = 100_000;

    private static final String MICROSECONDS = "yyyy-MM-dd'T'HH:mm:ss.SSSSSS";

    @Override
    public long write(Dataset<Row> rows) {
        return csv ? csv(rows, output, storage) : parquet(rows, output, storage);
    }

    private static long parquet(Dataset<Row> rows, Path output, Storage storage) {
        long count = ParquetTables.write(rows, output);
        List<FileStatus> files = storage.files(output, ".parquet");
        if (count <= SMALL && files.size() > 1) {
            Path one = Storage.temporary(output);
            joined(rows.sparkSession(), rows.schema(), files)
                    .coalesce(1)
                    .write()
                    .parquet(one.toString());
            storage.move(one, output);
        }
        return count;
    }

    /** File after file: read together, the largest would come first. */
    private static Dataset<Row> joined(SparkSession spark, StructType schema, List<FileStatus> files) {
        return files.stream()
                .map(file -> spark.read().schema(schema).parquet(file.getPath().toString()))
                .reduce(Dataset::union)
                .orElseThrow();
    }

    /** Spark writes parts side by side, which then become one file. */
    private static long csv(Dataset<Row> rows, Path output, Storage storage) {
        Path parts = Storage.temporary(output);
        Observation written = new Observation();
        try {
            rows.select(Arrays.stream(rows.schema().fields())
                            .map(OutputFiles::text)
                            .toArray(Column[]::new))
                    .observe(written, count(lit(1)).as("rows"))
                    .write()
                    .option("header", true)
                    // As all others read it, but Spark itself.
                    .option("escape", "\"")
                    // Values are written whole: "u1" and "u1 " are two users.
                    .option("ignoreLeadingWhiteSpace", false)
                    .option("ignoreTrailingWhiteSpace", false)
                    .option("timestampFormat", MICROSECONDS + "XXX")
                    .option("timestampNTZFormat", MICROSECONDS)
                    .csv(parts.toString());
            storage.write(output, out -> {
                boolean isFirst = true;
                for (FileStatus part : storage.files(parts, ".csv")) {
                    copy(storage.open(part.getPath()), out, isFirst);
                    isFirst = false;
                }
            });
            return (Long) written.getAsJava().get("rows");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Writing was interrupted");
        } finally {
            storage.delete(parts);
        }
    }

    private static void copy(InputStream part, OutputStream out, boolean withHeader) throws IOException {
        try (InputStream in = new BufferedInputStream(part)) {
            int next = withHeader ? '\n' : in.read();
            while (next >= 0 && next != '\n') {
                next = in.read();
            }
            in.transferTo(out);
        }
    }

    /** CSV knows neither lists nor bytes. */
    private static Column text(StructField field) {
        Column value = col(TableReader.quoted(field.name()));
        if (field.dataType() instanceof BinaryType) {
            return base64(value).as(field.name());
        }
        boolean isNested = field.dataType() instanceof ArrayType
                || field.dataType() instanceof MapType
                || field.dataType() instanceof StructType;
        return isNested ? to_json(value).as(field.name()) : value;
    }
}
