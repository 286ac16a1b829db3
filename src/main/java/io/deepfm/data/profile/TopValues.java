package io.deepfm.data.profile;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.array_distinct;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.transform;

import io.deepfm.data.encode.FieldEncoder;
import io.deepfm.data.encode.FieldEncoder.Vocabulary;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/** The most frequent values of the features that have a vocabulary, counted by id in the encoded training rows. */
final class TopValues {

    private static final int MOST = 5;
    private static final String FEATURE = "_feature";
    private static final String ID = "_id";
    private static final String TIMES = "_times";

    private final DatasetDefinition dataset;
    private final Map<String, FieldEncoder> encoders;

    TopValues(DatasetDefinition dataset, Map<String, FieldEncoder> encoders) {
        this.dataset = dataset;
        this.encoders = encoders;
    }

    /** By field, the most frequent values in train with the numbers of training rows that have them. */
    Map<String, Map<String, Long>> of(Function<String, Dataset<Row>> encoded) {
        Dataset<Row> train = encoded.apply("interactions/" + Tables.TRAIN);
        List<FeatureDefinition> features = new ArrayList<>();
        List<Dataset<Row>> counts = new ArrayList<>();
        add(FieldGroup.USER, weighted(encoded.apply(Tables.USERS), train, Tables.USER_INDEX), features, counts);
        add(FieldGroup.ITEM, weighted(encoded.apply(Tables.ITEMS), train, Tables.ITEM_INDEX), features, counts);
        add(FieldGroup.CONTEXT, train.withColumn(TIMES, lit(1L)), features, counts);
        Map<String, Map<String, Long>> top = new LinkedHashMap<>();
        if (counts.isEmpty()) {
            return top;
        }
        List<Row> found = counts.stream()
                .reduce(Dataset::union)
                .orElseThrow()
                .withColumn(
                        "_place",
                        row_number()
                                .over(Window.partitionBy(FEATURE)
                                        .orderBy(col(TIMES).desc(), col(ID))))
                .filter(col("_place").leq(MOST))
                .orderBy(FEATURE, "_place")
                .collectAsList();
        for (Row row : found) {
            FeatureDefinition feature = features.get(row.getInt(0));
            String value = vocabulary(feature).values().get(row.getInt(1) - 1);
            top.computeIfAbsent(feature.name().text(), name -> new LinkedHashMap<>())
                    .put(value, row.getLong(2));
        }
        return top;
    }

    /** A table's rows and how often each occurs in train. */
    private static Dataset<Row> weighted(Dataset<Row> table, Dataset<Row> train, String index) {
        return table.join(train.groupBy(index).agg(functions.count(lit(1)).as(TIMES)), index);
    }

    private void add(
            FieldGroup group, Dataset<Row> table, List<FeatureDefinition> features, List<Dataset<Row>> counts) {
        List<Column> ids = new ArrayList<>();
        for (FeatureDefinition feature : dataset.features(group)) {
            if (vocabulary(feature) == null) {
                continue;
            }
            Column number = lit(features.size()).as(FEATURE);
            Column id = col(feature.name().text());
            features.add(feature);
            ids.add(
                    feature.type() == FeatureType.SEQUENCE
                            ? transform(array_distinct(id), one -> struct(number, one.as(ID)))
                            : array(struct(number, id.as(ID))));
        }
        if (!ids.isEmpty()) {
            counts.add(table.select(explode(concat(ids.toArray(Column[]::new))).as("_one"), col(TIMES))
                    .select("_one.*", TIMES)
                    .filter(col(ID).gt(0))
                    .groupBy(FEATURE, ID)
                    .agg(sum(TIMES).as(TIMES)));
        }
    }

    /** A history's items have the vocabulary of the items themselves; nothing tells what a hash came from. */
    private Vocabulary vocabulary(FeatureDefinition feature) {
        String name = feature.isItemHistory()
                ? dataset.itemFeature().orElseThrow().name().text()
                : feature.name().text();
        return encoders.get(name) instanceof Vocabulary vocabulary ? vocabulary : null;
    }
}
