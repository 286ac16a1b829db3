package io.deepfm.job.predict;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.deepfm.storage.DataException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/**
 * Anything that Spark writes: a table of its catalog, a path, or what a format with options says.
 *
 * @param format the format's name, where not the catalog's default
 * @param options of the format's writer
 * @param path any Hadoop path, if the format has one
 * @param table a table of the catalog
 * @param isReplaced whether what is there already is replaced
 */
public record SparkOutput(
        Optional<String> format,
        Map<String, String> options,
        Optional<String> path,
        Optional<String> table,
        boolean isReplaced)
        implements Output {

    @Override
    public long write(Dataset<Row> rows) {
        Observation written = new Observation();
        DataFrameWriter<Row> writer = rows.observe(written, count(lit(1)).as("rows"))
                .write()
                .mode(isReplaced ? SaveMode.Overwrite : SaveMode.ErrorIfExists)
                .options(options);
        try {
            save(format.map(writer::format).orElse(writer));
            return (Long) written.getAsJava().get("rows");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Writing was interrupted");
        } catch (Exception e) {
            // Scala does not declare it.
            if (e instanceof AnalysisException || e instanceof ClassNotFoundException) {
                throw new DataException(
                        "cannot write " + place() + ": "
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .findFirst()
                                        .orElse("")
                                + (String.valueOf(e.getMessage()).contains("ALREADY_EXISTS")
                                        ? " It is replaced with --force."
                                        : ""),
                        e);
            }
            throw e;
        }
    }

    private void save(DataFrameWriter<Row> writer) {
        if (table.isPresent()) {
            writer.saveAsTable(table.get());
        } else if (path.isPresent()) {
            writer.save(path.get());
        } else {
            writer.save();
        }
    }

    /**
     * What to call it.
     *
     * @return the table, the path or the format
     */
    public String place() {
        return table.or(() -> path).or(() -> format).orElseThrow();
    }
}
