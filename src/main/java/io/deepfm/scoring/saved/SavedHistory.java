package io.deepfm.scoring.saved;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import io.deepfm.config.ConfigException;
import io.deepfm.config.Located;
import io.deepfm.data.encode.Encoders;
import io.deepfm.data.encode.RawExpression;
import io.deepfm.data.history.SplitHistories;
import io.deepfm.data.history.UserHistory;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetTables;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;

/**
 * What the users of a stored model did, from which the histories of what is predicted are computed: with the code that did it
 * for training. A user without interactions has an empty history.
 */
final class SavedHistory {

    private static final String[] PLACE = {UserHistory.USER, SplitHistories.ITEM_KEY, Tables.TIME};

    private final DatasetDefinition definition;
    private final UserHistory history;
    private final Dataset<Row> events;

    private SavedHistory(DatasetDefinition definition, Dataset<Row> events) {
        this.definition = definition;
        this.history = new UserHistory(definition);
        this.events = events;
    }

    /**
     * The interactions that a model keeps.
     *
     * @param spark the session
     * @param storage the file systems
     * @param folder the model's folder
     * @param definition the model's dataset
     * @return their histories
     * @throws DataException if the folder has none
     */
    static SavedHistory kept(SparkSession spark, Storage storage, Path folder, DatasetDefinition definition) {
        Path table = new Path(folder, Tables.HISTORY);
        if (!storage.exists(table)) {
            throw new DataException("The model's folder " + folder + " has no " + Tables.HISTORY
                    + ", of which its features are computed. Copy the whole folder, or give --history.");
        }
        return new SavedHistory(definition, ParquetTables.read(spark, table));
    }

    /**
     * The interactions of a file in the place of those that the model keeps.
     *
     * @param definition the model's dataset
     * @param rows raw rows with {@link TableReader#ROW}, of which none is bad
     * @param file where they are from, in errors
     * @param encoders the model's
     * @return their histories
     */
    static SavedHistory of(DatasetDefinition definition, Dataset<Row> rows, Located file, Encoders encoders) {
        Column label =
                definition.label().map(text -> expr(text.text())).orElse(lit(1)).cast("double");
        Dataset<Row> interactions = SplitHistories.byKeys(rows, definition)
                .withColumn(Tables.RAW_LABEL, label)
                .withColumn(
                        Tables.TIME, RawExpression.time(rows, definition.time().orElseThrow(), file))
                .withColumn(Tables.INTERACTION, col(TableReader.ROW));
        return new SavedHistory(
                definition,
                UserHistory.alone(new UserHistory(definition).events(interactions, encoders), SplitHistories.ITEM_KEY));
    }

    /**
     * The histories of interactions: what happened before their times. One that is itself among the events has the history
     * that it had there; another comes after all events of its time, and one without a time after all there are.
     *
     * @param rows raw columns
     * @return these with a column for each history feature
     */
    Dataset<Row> ofInteractions(Dataset<Row> rows) {
        Dataset<Row> asking = SplitHistories.byKeys(rows, definition).withColumn(Tables.TIME, time(rows));
        Dataset<Row> places = UserHistory.ofUsers(events, asking)
                .groupBy(PLACE[0], PLACE[1], PLACE[2])
                .agg(min(Tables.INTERACTION).as(Tables.INTERACTION));
        return history.of(asking.join(places, PLACE, "left"), events)
                .drop(PLACE)
                .drop(Tables.INTERACTION);
    }

    /**
     * The histories that users have now: of all their events.
     *
     * @param users with their keys
     * @return these with a column for each history feature
     */
    Dataset<Row> ofUsers(Dataset<Row> users) {
        Dataset<Row> asking = users.withColumn(UserHistory.USER, col(Tables.USER_KEY))
                .withColumn(Tables.TIME, lit(null).cast(timeType()))
                .withColumn(Tables.INTERACTION, lit(null).cast("long"));
        return history.of(asking, events).drop(UserHistory.USER, Tables.TIME, Tables.INTERACTION);
    }

    /**
     * The features of interactions that have not taken place, of which the histories alone are known.
     *
     * @param definition the model's dataset
     * @param encoders the model's
     * @param users what {@link #ofUsers} gave
     * @return a column for each feature of the context
     */
    static List<Column> contexts(DatasetDefinition definition, Encoders encoders, Dataset<Row> users) {
        return definition.features(FieldGroup.CONTEXT).stream()
                .map(feature -> feature.history().isPresent()
                        ? encoders.columns(users, List.of(feature)).get(0)
                        : unknown(feature))
                .toList();
    }

    private static Column unknown(FeatureDefinition feature) {
        Column value =
                switch (feature.type()) {
                    case SPARSE -> lit(0);
                    case DENSE -> lit(0f);
                    case SEQUENCE -> array().cast("array<int>");
                };
        return value.as(feature.name().text());
    }

    /** A row may have no time, which only training needs. */
    private Column time(Dataset<Row> rows) {
        Located time = definition.time().orElseThrow();
        try {
            return RawExpression.time(rows, time, definition.interactions().path())
                    .cast(timeType());
        } catch (ConfigException absent) {
            return lit(null).cast(timeType());
        }
    }

    private DataType timeType() {
        return events.schema().apply(Tables.TIME).dataType();
    }
}
