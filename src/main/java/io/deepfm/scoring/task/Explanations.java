package io.deepfm.scoring.task;

import io.deepfm.explanation.Contribution;
import io.deepfm.explanation.Explainer;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.CtrModel;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Columns that say what a row's logits are the sum of: {@value #EXPLANATION} and, with two heads, {@value #LIKE}, of interacting and of
 * liking; each an array of {@code term}, {@code fields} and {@code contribution}, the largest first.
 *
 * @param schema the model's fields
 * @param heads how many logits are explained; 0 for none
 */
public record Explanations(DatasetSchema schema, int heads) implements Serializable {

    /** Of the logit, with two heads of that of interacting. */
    public static final String EXPLANATION = "explanation";

    /** Of the logit of liking. */
    public static final String LIKE = "explanation_like";

    private static final StructType CONTRIBUTION = new StructType()
            .add("term", DataTypes.StringType, false)
            .add("fields", DataTypes.createArrayType(DataTypes.StringType, false), false)
            .add("contribution", DataTypes.DoubleType, false);

    /**
     * The columns.
     *
     * @return one for each logit
     */
    public List<String> columns() {
        return List.of(EXPLANATION, LIKE).subList(0, heads);
    }

    /**
     * A type with the columns.
     *
     * @param type of rows without them
     * @return they come last
     */
    public StructType addTo(StructType type) {
        StructType more = type;
        for (String column : columns()) {
            more = more.add(column, DataTypes.createArrayType(CONTRIBUTION, false), false);
        }
        return more;
    }

    /**
     * Rows with the columns.
     *
     * @param rows the rows
     * @param model what gave their logits
     * @param features the features of each group, row i of each for row i
     * @return with as many values more as there are columns
     */
    public List<Row> addTo(List<Row> rows, CtrModel model, Map<FieldGroup, FeatureTable> features) {
        if (heads == 0 || rows.isEmpty()) {
            return rows;
        }
        Map<FieldGroup, FeatureTable> withFields = new EnumMap<>(features);
        withFields.keySet().removeIf(group -> schema.fields(group).isEmpty());
        List<List<List<Contribution>>> explained = new ArrayList<>();
        for (int head = 0; head < heads; head++) {
            explained.add(new Explainer(model).explain(withFields, head));
        }
        List<Row> more = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            int length = rows.get(i).length();
            Object[] values = new Object[length + heads];
            for (int column = 0; column < length; column++) {
                values[column] = rows.get(i).get(column);
            }
            for (int head = 0; head < heads; head++) {
                values[length + head] = column(explained.get(head).get(i));
            }
            more.add(RowFactory.create(values));
        }
        return more;
    }

    private static Row[] column(List<Contribution> contributions) {
        return contributions.stream()
                .map(one -> RowFactory.create(
                        one.term().name().toLowerCase(Locale.ROOT), one.fields().toArray(String[]::new), one.value()))
                .toArray(Row[]::new);
    }
}
