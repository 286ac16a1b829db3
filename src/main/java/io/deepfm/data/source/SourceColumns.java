package io.deepfm.data.source;

import io.deepfm.config.ConfigException;
import io.deepfm.config.Located;
import io.deepfm.dataset.TableSource;
import io.deepfm.schema.Tables;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Whether the columns that a source is said to have can be used and are there; each check throws a {@link ConfigException}. */
public final class SourceColumns {

    private SourceColumns() {}

    /** Names are the source's own and differ. */
    public static void checkNames(StructType schema, Located place, TableSource source) {
        Set<String> names = new HashSet<>();
        for (String name : schema.fieldNames()) {
            String lower = name.toLowerCase(Locale.ROOT);
            String other = source.isDelimited() ? "Rename it with columns = ..." : "Rename it in the files.";
            if (Tables.RESERVED_RAW.contains(lower) || name.startsWith("_") || name.isBlank()) {
                throw place.error(
                        source.path() + ": '" + name + "' is a reserved name (" + String.join(", ", Tables.RESERVED_RAW)
                                + " and names that begin with _ are reserved). " + other);
            }
            if (!names.add(lower)) {
                throw place.error(
                        source.path() + ": two columns have the name '" + name + "' (case does not matter). " + other);
            }
        }
    }

    /** Text holds single values. */
    public static void checkTypes(StructType schema, Located place) {
        for (StructField field : schema.fields()) {
            DataType type = field.dataType();
            if (type instanceof ArrayType || type instanceof MapType || type instanceof StructType) {
                throw place.error("column " + field.name() + ": delimited text cannot hold " + type.simpleString()
                        + ". Read it as STRING and split it in the expression of a feature: split(" + field.name()
                        + ", '[|]'), for example.");
            }
        }
    }

    /** A header's columns may be given other names, but not each other's; those of other formats are found by name. */
    public static void checkPlaces(StructType schema, StructType there, Located place, TableSource source) {
        List<String> names = List.of(there.fieldNames());
        if (source.isDelimited() && names.size() != schema.length()) {
            throw place.error(source.path() + ": columns has " + schema.length() + " names, but the header has "
                    + names.size() + ": " + String.join(", ", names) + ".");
        }
        for (int i = 0; i < schema.length(); i++) {
            String name = schema.fieldNames()[i];
            int at = names.indexOf(name);
            if (source.isDelimited() ? at >= 0 && at != i : at < 0) {
                throw place.error(source.path()
                        + (at < 0
                                ? ": there is no column " + name
                                : ": column " + name + " is number " + (i + 1) + " of columns, but number " + (at + 1)
                                        + " of the header")
                        + ". Available: " + String.join(", ", names) + ".");
            }
        }
    }
}
