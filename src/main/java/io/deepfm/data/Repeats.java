package io.deepfm.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.ConfigException;
import io.deepfm.config.DataConfig;
import io.deepfm.config.DataConfig.Duplicates;
import io.deepfm.config.DataConfig.RepeatedPairs;
import io.deepfm.config.Located;
import io.deepfm.data.read.LeftOut;
import io.deepfm.data.read.RawRows;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;

/**
 * Which interactions are taken of those that repeat others. Where the split is predefined, rows of different splits do not
 * repeat each other: what is in test stays there.
 *
 * @param duplicates what becomes of rows that repeat an earlier one in all raw columns
 * @param pairs which rows of the same user and item are taken
 * @param keys the columns that identify user and item, where there are any
 */
record Repeats(Duplicates duplicates, RepeatedPairs pairs, List<String> keys) {

    /**
     * What the settings say.
     *
     * @throws ConfigException if pairs are to be found in a dataset that has none
     */
    static Repeats of(DataConfig config, DatasetDefinition dataset) {
        RepeatedPairs pairs = config.repeatedPairs();
        if (pairs != RepeatedPairs.KEEP && !dataset.hasUsersAndItems()) {
            throw new ConfigException(
                    "data.repeated_pairs = " + pairs.name().toLowerCase(Locale.ROOT)
                            + " requires dataset.user and dataset.item, which " + config.datasetName()
                            + " does not have. Leave it at keep; data.duplicates = drop leaves out rows that are all the same.");
        }
        Duplicates standard = dataset.hasUsersAndItems() ? Duplicates.ERROR : Duplicates.KEEP;
        return new Repeats(
                config.duplicates() == Duplicates.AUTO ? standard : config.duplicates(),
                pairs,
                Stream.concat(dataset.user().stream(), dataset.item().stream())
                        .map(Located::text)
                        .toList());
    }

    /**
     * Marks the rows that are not taken; only rows without a problem repeat each other.
     *
     * @param interactions raw columns, those of {@link TableReader}, {@link Tables#INTERACTION}, {@link Tables#SPLIT_NAME},
     *     {@link Tables#TIME}, and the indices of user and item, null where one is not listed
     * @param raw the raw columns
     */
    RawRows check(RawRows interactions, Dataset<Row> raw) {
        RawRows checked = duplicates == Duplicates.KEEP ? interactions : interactions.check(List.of(repeatedLine(raw)));
        // Which of counted ones are known in training is for the split to say.
        return pairs == RepeatedPairs.KEEP || pairs == RepeatedPairs.COUNT
                ? checked
                : checked.check(List.of(repeatedPair()));
    }

    private Column repeatedLine(Dataset<Row> raw) {
        Column isRepeated = row_number()
                .over(Window.partitionBy(comparable(raw)).orderBy(Tables.INTERACTION))
                .gt(1);
        return when(
                isRepeated,
                duplicates == Duplicates.DROP
                        ? LeftOut.DUPLICATES.problem()
                        : TableReader.problem(
                                "repeated", lit("is a duplicate of an earlier line (see data.duplicates)")));
    }

    /** What two rows must have in common to be the same: all raw columns, but for maps, which Spark cannot compare. */
    private static Column[] comparable(Dataset<Row> raw) {
        List<String> others =
                List.of(TableReader.FILE, TableReader.LINE, TableReader.ROW, TableReader.PROBLEM, Tables.INTERACTION);
        List<Column> columns = new ArrayList<>(List.of(isGood()));
        for (StructField field : raw.schema().fields()) {
            if (!others.contains(field.name()) && !(field.dataType() instanceof MapType)) {
                columns.add(col(TableReader.quoted(field.name())));
            }
        }
        return columns.toArray(Column[]::new);
    }

    private Column repeatedPair() {
        List<Column> order = List.of(col(Tables.TIME), col(Tables.INTERACTION));
        Column[] wantedFirst = order.stream()
                .map(column -> pairs == RepeatedPairs.LAST ? column.desc() : column.asc())
                .toArray(Column[]::new);
        List<String> indices = List.of(Tables.USER_INDEX, Tables.ITEM_INDEX);
        List<Column> same = new ArrayList<>(List.of(isGood(), col(Tables.SPLIT_NAME)));
        for (int i = 0; i < indices.size(); i++) {
            Column index = col(indices.get(i));
            // Who is not listed gets an index later.
            same.addAll(List.of(index, when(index.isNull(), col(TableReader.quoted(keys.get(i))))));
        }
        Column place = row_number()
                .over(Window.partitionBy(same.toArray(Column[]::new)).orderBy(wantedFirst));
        return when(place.gt(1), LeftOut.REPEATED_PAIRS.problem());
    }

    private static Column isGood() {
        return col(TableReader.PROBLEM).isNull();
    }
}
