package io.deepfm.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.first;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.Located;
import io.deepfm.data.keys.KeyTable;
import io.deepfm.data.quarantine.Quarantine;
import io.deepfm.data.read.RawRows;
import io.deepfm.data.read.TableReader;
import io.deepfm.data.source.RawSources;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.pipeline.Fingerprint;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Raw files to the tables {@code users} and {@code items}, where they have files of their own; unusable rows are quarantined. They get indices 0, 1, ... in the order of their files. All raw columns stay, for the features
 * to be computed from.
 *
 * <p>Apart from the interactions, as these come every day and users and items need not.
 */
public final class TablesStage implements Stage {

    private final TableReader reader;
    private final WorkDirectory work;
    private final DatasetDefinition dataset;
    private final double maxBadRows;
    private final RawSources sources;

    /**
     * @param reader reads the raw files
     * @param work holds what the check said
     * @param dataset what to read
     * @param maxBadRows the largest share of a table's rows that may be quarantined
     */
    public TablesStage(TableReader reader, WorkDirectory work, DatasetDefinition dataset, double maxBadRows) {
        this.reader = reader;
        this.work = work;
        this.dataset = dataset;
        this.maxBadRows = maxBadRows;
        this.sources = RawSources.usersAndItems(dataset);
    }

    @Override
    public String name() {
        return "tables";
    }

    @Override
    public List<String> outputs() {
        List<String> outputs = new ArrayList<>(sources.byName().keySet());
        sources.byName().keySet().forEach(table -> outputs.add(Quarantine.FOLDER + "/" + table));
        return outputs;
    }

    @Override
    public Map<String, String> inputs() {
        return CheckStage.fingerprints(work, sources);
    }

    @Override
    public Fingerprint settings() {
        return sources.settings()
                .add("keys", List.of(dataset.user(), dataset.item()))
                .add("max_bad_rows", maxBadRows)
                .add("time_zone", dataset.timeZone());
    }

    @Override
    public Map<String, Long> run(Path target) {
        Quarantine quarantine = new Quarantine(work.storage(), target, maxBadRows);
        Map<String, Long> rows = new LinkedHashMap<>();
        sources.byName().forEach((table, source) -> {
            boolean isUsers = table.equals(Tables.USERS);
            Located key = (isUsers ? dataset.user() : dataset.item()).orElseThrow();
            String row = isUsers ? Tables.USER_INDEX : Tables.ITEM_INDEX;
            RawRows read = reader.read(source, List.of(key.text())).check(List.of(repeats(key)));
            rows.put(
                    table,
                    quarantine.write(
                            read,
                            table,
                            good -> KeyTable.numbered(good.drop(TableReader.FILE, TableReader.LINE), row, 0),
                            new Path(target, table)));
        });
        rows.putAll(quarantine.counts());
        return rows;
    }

    /** What is wrong with a row whose key an earlier good row has. */
    public static Column repeats(Located key) {
        Column id = col(TableReader.quoted(key.text()));
        WindowSpec same =
                Window.partitionBy(id, col(TableReader.PROBLEM).isNull()).orderBy(TableReader.ROW);
        return when(
                row_number().over(same).gt(1),
                TableReader.problem(
                        "repeated",
                        concat(
                                lit("column " + key + " has the same value "),
                                id.cast("string"),
                                lit(" as line "),
                                first(TableReader.LINE).over(same).cast("string"))));
    }
}
