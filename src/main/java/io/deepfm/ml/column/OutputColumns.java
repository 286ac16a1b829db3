package io.deepfm.ml.column;

import static org.apache.spark.ml.functions.array_to_vector;
import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.exp;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.transform;
import static org.apache.spark.sql.functions.when;

import io.deepfm.ml.param.DeepFmParams;
import io.deepfm.scoring.RowScores;
import io.deepfm.scoring.saved.SavedDataset;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** What a model adds to rows, in the form that Spark ML's evaluators read. */
public final class OutputColumns {

    private static final String RATING = "rating";
    private static final String RANK = "rank";

    private OutputColumns() {}

    /**
     * A table's columns and those that are added.
     *
     * @throws IllegalArgumentException if one is there already
     */
    public static StructType added(StructType schema, DeepFmParams<?> names) {
        for (String name : List.of(names.getRawPredictionCol(), names.getProbabilityCol(), names.getPredictionCol())) {
            InputColumns.find(schema, name).ifPresent(there -> {
                throw new IllegalArgumentException("There is a column " + there.name() + " already, of type "
                        + there.dataType().simpleString()
                        + ", wanted is none of this name. Drop it, or choose another name for the output.");
            });
        }
        return schema.add(names.getRawPredictionCol(), SQLDataTypes.VectorType(), true)
                .add(names.getProbabilityCol(), SQLDataTypes.VectorType(), true)
                .add(names.getPredictionCol(), DataTypes.DoubleType, false);
    }

    /** The rows as they came and their predictions, from what {@link RowScores} gives. */
    public static Dataset<Row> of(Dataset<Row> scored, DeepFmParams<?> model) {
        List<Column> unknown = List.of(SavedDataset.UNKNOWN_USER, SavedDataset.UNKNOWN_ITEM).stream()
                .filter(Arrays.asList(scored.columns())::contains)
                .map(name -> col(name))
                .toList();
        Column isCold = unknown.stream().reduce(lit(false), Column::or);
        Dataset<Row> rows = model.coldStart() == DeepFmParams.ColdStart.DROP ? scored.filter(not(isCold)) : scored;
        Column logit = model.coldStart() == DeepFmParams.ColdStart.NAN
                ? when(isCold, lit(Double.NaN)).otherwise(col(RowScores.LOGIT))
                : col(RowScores.LOGIT);
        Column positive = lit(1.0).divide(exp(logit.multiply(-1)).plus(1));
        // Not 1 less the other: of a small probability nothing would be left.
        Column negative = lit(1.0).divide(exp(logit).plus(1));
        return rows.select(
                col(SavedDataset.RAW + ".*"),
                array_to_vector(array(logit.multiply(-1), logit)).as(model.getRawPredictionCol()),
                array_to_vector(array(negative, positive)).as(model.getProbabilityCol()),
                when(logit.isNaN(), logit)
                        .otherwise(when(logit.gt(0), 1.0).otherwise(0.0))
                        .as(model.getPredictionCol()));
    }

    /** As ALS has them: one row for each key, with an array of structs, best first. */
    public static Dataset<Row> recommendations(
            Dataset<Row> best, String key, String keyCol, String other, String otherCol) {
        Column ranked = sort_array(collect_list(struct(
                col(RANK),
                col(other).as(otherCol),
                col("probability").cast("float").as(RATING))));
        return best.groupBy(col(key).as(keyCol))
                .agg(transform(
                                ranked,
                                each -> struct(
                                        each.getField(otherCol).as(otherCol),
                                        each.getField(RATING).as(RATING)))
                        .as("recommendations"));
    }
}
