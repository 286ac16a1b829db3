package io.deepfm.data.history;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.udaf;
import static org.apache.spark.sql.functions.when;

import io.deepfm.data.encode.Encoders;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.dataset.HistoryDefinition;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Computes the columns that history features are encoded from, by windows over a user's interactions in the order of
 * {@link Tables#TIME} and {@link Tables#INTERACTION}, which end before the row itself. The same code serves training and what
 * is predicted later.
 *
 * <p>A row holds at most as many items as {@code last} says, so time and memory grow with {@code last} times the interactions.
 */
public final class UserHistory {

    /** Whose interactions they are (any type). */
    public static final String USER = "_user";
    /** The id of an interaction's item (int). */
    private static final String ITEM_ID = "_item_id";
    /** For each history whether an interaction counts for it (array of boolean); null in rows that only ask. */
    private static final String COUNTS = "_counts";

    /** What histories are made of, beside the user. */
    private static final List<String> EVENT = List.of(Tables.TIME, Tables.INTERACTION, ITEM_ID, COUNTS);

    private final DatasetDefinition dataset;
    private final List<FeatureDefinition> histories;

    /**
     * @param dataset the features
     */
    public UserHistory(DatasetDefinition dataset) {
        this.dataset = dataset;
        this.histories = dataset.histories();
    }

    /**
     * Interactions that count.
     *
     * @param interactions raw columns, {@value #USER}, {@link Tables#TIME}, {@link Tables#INTERACTION} and
     *     {@link Tables#RAW_LABEL}
     * @param encoders with that of the items' ids
     * @return these with what histories are made of
     */
    public Dataset<Row> events(Dataset<Row> interactions, Encoders encoders) {
        Column[] counts = histories.stream().map(UserHistory::counts).toArray(Column[]::new);
        boolean hasLabel = hasLabel(interactions, dataset);
        Dataset<Row> events = withLabel(interactions, dataset)
                .withColumn(COUNTS, array(counts))
                .withColumn(ITEM_ID, encoders.itemIds(interactions));
        return hasLabel ? events : events.drop(dataset.labelField());
    }

    private static Column counts(FeatureDefinition feature) {
        return feature.history()
                .flatMap(HistoryDefinition::where)
                .map(where -> coalesce(expr(where.text()).cast("boolean"), lit(false)))
                .orElse(lit(true));
    }

    /** Interactions with the label under its name, unless they have a column of that name. */
    static Dataset<Row> withLabel(Dataset<Row> interactions, DatasetDefinition dataset) {
        return hasLabel(interactions, dataset)
                ? interactions
                : interactions.withColumn(dataset.labelField(), col(Tables.RAW_LABEL));
    }

    private static boolean hasLabel(Dataset<Row> interactions, DatasetDefinition dataset) {
        return Arrays.stream(interactions.columns()).anyMatch(dataset.labelField()::equalsIgnoreCase);
    }

    /**
     * Events alone, to be kept.
     *
     * @param events what {@link #events} gave
     * @param others columns that stay, too
     * @return {@value #USER}, what histories are made of, and the others
     */
    public static Dataset<Row> alone(Dataset<Row> events, String... others) {
        List<Column> columns = new ArrayList<>(List.of(col(USER)));
        EVENT.forEach(name -> columns.add(col(name)));
        Arrays.stream(others).map(name -> col(name)).forEach(columns::add);
        return events.select(columns.toArray(Column[]::new));
    }

    /**
     * The history of each event, made of the events before it.
     *
     * @param events what {@link #events} gave
     * @return these with a column for each history feature
     */
    public Dataset<Row> ofEach(Dataset<Row> events) {
        return windowed(events).drop(COUNTS, ITEM_ID);
    }

    /**
     * The history of rows that do not count themselves.
     *
     * @param asking rows with {@value #USER}, {@link Tables#TIME} and {@link Tables#INTERACTION}; where the latter is null,
     *     after all events of that time, and where both are, after all events
     * @param events what {@link #events} gave
     * @return the rows that ask, with a column for each history feature
     */
    public Dataset<Row> of(Dataset<Row> asking, Dataset<Row> events) {
        Dataset<Row> theirs = alone(ofUsers(events, asking));
        return windowed(asking.withColumn(COUNTS, lit(null).cast("array<boolean>"))
                        .unionByName(theirs, true))
                .filter(col(COUNTS).isNull())
                .drop(COUNTS, ITEM_ID);
    }

    /**
     * The events of those users who ask.
     *
     * @param events with {@value #USER}
     * @param asking with {@value #USER}
     * @return some of the events
     */
    public static Dataset<Row> ofUsers(Dataset<Row> events, Dataset<Row> asking) {
        return events.join(asking.select(USER).distinct(), new String[] {USER}, "left_semi");
    }

    private Dataset<Row> windowed(Dataset<Row> rows) {
        // Where a row asks about an event's own place, it comes before it.
        WindowSpec before = Window.partitionBy(USER)
                .orderBy(
                        col(Tables.TIME).asc_nulls_last(),
                        col(Tables.INTERACTION).asc_nulls_last(),
                        col(COUNTS).isNotNull())
                .rowsBetween(Window.unboundedPreceding(), -1);
        List<Column> columns = new ArrayList<>(List.of(col("*")));
        for (int i = 0; i < histories.size(); i++) {
            FeatureDefinition feature = histories.get(i);
            columns.add(value(feature.history().orElseThrow(), element_at(col(COUNTS), i + 1), before)
                    .as(feature.expressionOrName().text()));
        }
        return rows.select(columns.toArray(Column[]::new));
    }

    private static Column value(HistoryDefinition history, Column counts, WindowSpec before) {
        return switch (history.of()) {
            case ITEM ->
                udaf(new LatestItems(history.last().orElseThrow()), org.apache.spark.sql.Encoders.INT())
                        .apply(when(counts, col(ITEM_ID)))
                        .over(before);
            case GAP ->
                col(Tables.TIME)
                        .minus(max(when(counts, col(Tables.TIME))).over(before))
                        .cast("double");
            case COUNT -> count(when(counts, lit(1))).over(before).cast("double");
        };
    }
}
