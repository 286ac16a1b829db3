package io.deepfm.ml.fit;

import io.deepfm.config.Located;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/**
 * The features of tables by their columns' types: strings, whole numbers and booleans are sparse, fractions are dense, arrays
 * are sequences. Times, and what is nested otherwise, are no features.
 */
final class InferredFeatures {

    private static final String EMBEDDING_DIM = "16";
    private static final int SEQUENCE_LENGTH = 20;

    private final List<FeatureDefinition> features = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    /**
     * Adds a table's columns.
     *
     * @param group whose columns they are
     * @param schema the table's
     * @param others columns that are no features, such as the label
     */
    void add(FieldGroup group, StructType schema, Set<String> others) {
        for (StructField field : schema.fields()) {
            if (others.stream().noneMatch(field.name()::equalsIgnoreCase)) {
                type(field.dataType()).ifPresent(type -> features.add(feature(field.name(), type, group)));
            }
        }
    }

    List<FeatureDefinition> all() {
        return List.copyOf(features);
    }

    /** Whether a column can be a feature, whatever it is inferred to be. */
    static boolean isReadable(DataType type) {
        return type instanceof AtomicType && !(type instanceof BinaryType)
                || type instanceof ArrayType array && isReadable(array.elementType());
    }

    private static Optional<FeatureType> type(DataType type) {
        if (!isReadable(type)
                || type instanceof DateType
                || type instanceof TimestampType
                || type instanceof TimestampNTZType) {
            return Optional.empty();
        }
        if (type instanceof ArrayType array) {
            return array.elementType() instanceof ArrayType ? Optional.empty() : Optional.of(FeatureType.SEQUENCE);
        }
        boolean isFraction = type instanceof FloatType || type instanceof DoubleType || type instanceof DecimalType;
        return Optional.of(isFraction ? FeatureType.DENSE : FeatureType.SPARSE);
    }

    private FeatureDefinition feature(String column, FeatureType type, FieldGroup group) {
        return new FeatureDefinition(
                Located.of(name(column, group)),
                type,
                group,
                Optional.empty(),
                Optional.of(Located.of(expression(column))),
                List.of(),
                EMBEDDING_DIM,
                type == FeatureType.SEQUENCE ? SEQUENCE_LENGTH : 1,
                Combiner.MEAN,
                1,
                0,
                Optional.empty());
    }

    /** Plain where it can be: the items' feature is known by it. */
    private static String expression(String column) {
        return column.matches("[A-Za-z][A-Za-z0-9_]*") ? column : TableReader.quoted(column);
    }

    /** Of the letters that features' names may have, and no other feature's. */
    private String name(String column, FieldGroup group) {
        String plain = column.replaceAll("[^A-Za-z0-9_]", "_");
        String name = plain.matches("[0-9].*") ? "_" + plain : plain;
        while (!names.add(name)) {
            name = group.name().toLowerCase(Locale.ROOT) + "_" + name;
        }
        return name;
    }
}
