package io.deepfm.ml.column;

import io.deepfm.config.Located;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.ml.param.DeepFmParams;
import io.deepfm.ml.param.FitParams;
import io.deepfm.schema.FieldGroup;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** What an input's columns must be; errors name the column, the type found and the type wanted. */
public final class InputColumns {

    private InputColumns() {}

    /**
     * Checks the columns that an estimator names.
     *
     * @param estimator its parameters
     * @param schema of the rows to fit
     * @param users of the table of users, if there is one
     * @param items of the table of items, if there is one
     * @throws IllegalArgumentException if one is missing or of another type
     */
    public static <E extends DeepFmParams<?> & FitParams<?>> void check(
            E estimator, StructType schema, Optional<StructType> users, Optional<StructType> items) {
        boolean hasUsers = estimator.isDefined(estimator.userCol());
        if (hasUsers != estimator.isDefined(estimator.itemCol())) {
            throw new IllegalArgumentException(
                    (hasUsers ? "userCol" : "itemCol") + " is set, but " + (hasUsers ? "itemCol" : "userCol")
                            + " is not: set both to recommend, or neither to classify clicks.");
        }
        if (hasUsers) {
            requireKey("userCol", estimator.getUserCol(), schema);
            requireKey("itemCol", estimator.getItemCol(), schema);
            users.ifPresent(table -> requireKey("userCol", estimator.getUserCol(), table));
            items.ifPresent(table -> requireKey("itemCol", estimator.getItemCol(), table));
        }
        if (estimator.isDefined(estimator.labelCol())) {
            DataType label = type("labelCol", estimator.getLabelCol(), schema);
            require(
                    label instanceof NumericType || label instanceof BooleanType,
                    "labelCol",
                    estimator.getLabelCol(),
                    label,
                    "a number or a boolean");
        } else if (!hasUsers) {
            throw new IllegalArgumentException(
                    "labelCol is not set: to classify clicks without users and items, each row needs its label.");
        }
        if (estimator.isDefined(estimator.timestampCol())) {
            DataType time = type("timestampCol", estimator.getTimestampCol(), schema);
            require(isTime(time), "timestampCol", estimator.getTimestampCol(), time, "a number, a date or a timestamp");
        }
    }

    static boolean isTime(DataType type) {
        return type instanceof NumericType
                || type instanceof DateType
                || type instanceof TimestampType
                || type instanceof TimestampNTZType;
    }

    private static void requireKey(String param, String column, StructType schema) {
        DataType type = type(param, column, schema);
        require(type instanceof AtomicType && !isFraction(type), param, column, type, "a whole number or a string");
    }

    private static boolean isFraction(DataType type) {
        return List.of("float", "double", "binary").contains(type.typeName());
    }

    private static DataType type(String param, String column, StructType schema) {
        return find(schema, column)
                .orElseThrow(() -> new IllegalArgumentException(param + ": there is no column " + column
                        + ". There are " + String.join(", ", schema.fieldNames()) + "."))
                .dataType();
    }

    private static void require(boolean fits, String param, String column, DataType found, String wanted) {
        if (!fits) {
            throw new IllegalArgumentException(param + ": column " + column + " is of type " + found.simpleString()
                    + ", wanted is " + wanted + ". Cast it.");
        }
    }

    /** A column as Spark finds it: whatever its case. */
    public static Optional<StructField> find(StructType schema, String column) {
        return Arrays.stream(schema.fields())
                .filter(field -> field.name().equalsIgnoreCase(column))
                .findFirst();
    }

    /**
     * Checks the columns that a model's rows need against those it was trained on.
     *
     * @throws IllegalArgumentException if one is missing or of a type that does not become the one of training
     */
    public static void check(DatasetDefinition definition, StructType schema, DeepFmParams<?> model) {
        StructType trained = trained(definition);
        for (String name : needed(definition, trained)) {
            DataType wanted = find(trained, name).orElseThrow().dataType();
            String column = named(name, definition, model);
            StructField found = find(schema, column)
                    .orElseThrow(() -> new IllegalArgumentException(
                            "There is no column " + column + ", which the model needs, of type " + wanted.simpleString()
                                    + ". There are " + String.join(", ", schema.fieldNames()) + "."));
            if (!becomes(found.dataType(), wanted)) {
                throw new IllegalArgumentException("Column " + column + " is of type "
                        + found.dataType().simpleString() + ", wanted is " + wanted.simpleString() + ". Cast it.");
            }
        }
    }

    /**
     * What a column of training is called in the rows that a model gets: the keys have the names that its parameters say.
     *
     * @param trained its name in training
     * @param definition the model's dataset
     * @param model its parameters
     * @return its name now
     */
    public static String named(String trained, DatasetDefinition definition, DeepFmParams<?> model) {
        if (definition.user().isPresent()
                && trained.equals(definition.user().get().text())) {
            return model.getUserCol();
        }
        return definition.item().isPresent()
                        && trained.equals(definition.item().get().text())
                ? model.getItemCol()
                : trained;
    }

    /** The columns that interactions had in training. */
    public static StructType trained(DatasetDefinition definition) {
        return StructType.fromDDL(
                definition.interactions().columns().map(Located::text).orElse(""));
    }

    /** The keys, and the columns that a feature of the context is; in expressions Spark looks for itself. */
    private static Set<String> needed(DatasetDefinition definition, StructType trained) {
        List<FeatureDefinition> ofRows = definition.features().stream()
                .filter(feature -> feature.group() == FieldGroup.CONTEXT
                        && feature.history().isEmpty())
                .toList();
        Set<String> needed = new TreeSet<>();
        Stream.concat(
                        Stream.of(definition.user(), definition.item()).flatMap(Optional::stream),
                        ofRows.stream().map(FeatureDefinition::expressionOrName))
                .map(Located::text)
                .map(text -> text.startsWith("`") && text.endsWith("`") ? text.substring(1, text.length() - 1) : text)
                .filter(text -> find(trained, text).isPresent())
                .forEach(needed::add);
        return needed;
    }

    private static boolean becomes(DataType found, DataType wanted) {
        return found.equals(wanted)
                || DataType.equalsStructurally(found, wanted, true)
                || found instanceof NumericType
                        && wanted instanceof NumericType
                        && (found instanceof IntegralType || !(wanted instanceof IntegralType))
                || found instanceof AtomicType && wanted.typeName().equals("string");
    }
}
