package io.deepfm.draft;

import io.deepfm.config.Located;
import io.deepfm.data.read.TableReader;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.draft.table.ColumnProfile;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** A feature for each column: a line of the configuration below a comment that says why, or a comment alone. */
final class FeatureLines {

    private static final int FEW = 20;
    private static final int MANY = 500;
    private static final int LONGEST_TEXT = 60;
    private static final int LONGEST_SEQUENCE = 20;
    private static final double SKEW = 20;
    private static final String NAME = "[A-Za-z][A-Za-z0-9_]*";

    private final Set<String> taken = new HashSet<>();
    private final List<String> lines = new ArrayList<>();
    private int features;

    /** The column that tells users or items apart. */
    void addKey(ColumnProfile column, FieldGroup group) {
        comment(column, "tells one " + group(group) + " from another");
        feature(name(column, group), "sparse", group, column, dim(column.distinct()));
        alternative(
                "min_frequency = 5: those with fewer interactions share one vector; hash_buckets = 1000000: no vocabulary");
    }

    /** Any other column, among columns of hashes or not. */
    void add(ColumnProfile column, FieldGroup group, boolean amongHashes) {
        boolean isId = column.plainName().endsWith("id");
        long present = column.rows() - column.missing();
        boolean isNearlyUnique = column.distinct() > FEW && 2L * column.distinct() > present;
        if (column.distinct() <= 1) {
            comment(column, "left out, as it does not vary");
        } else if (column.sequence() != null) {
            sequence(column, group);
        } else if (column.isTime()) {
            comment(column, "a time; parts of it may be features:");
            String time = time(column);
            alternative("{ name = " + free(column.name() + "_hour", group) + ", type = sparse, group = " + group(group)
                    + ", expression = " + Hocon.text("hour(" + time + ")") + " }");
        } else if (column.isNumber() && !isId && !(column.isInteger() && column.distinct() <= FEW && !amongHashes)) {
            dense(column, group);
        } else if (column.length() > LONGEST_TEXT) {
            comment(column, "left out, as it is text of " + Math.round(column.length()) + " characters");
        } else if (isNearlyUnique && !column.hashed()) {
            comment(column, "left out, as nearly every row has a value of its own:");
            alternative("{ name = " + free(column.name(), group) + ", type = sparse, group = " + group(group)
                    + expression(column) + ", min_frequency = 2 }");
        } else {
            sparse(column, group);
        }
    }

    private void sparse(ColumnProfile column, FieldGroup group) {
        comment(
                column,
                !column.isNumber()
                        ? "a category"
                        : column.distinct() <= FEW
                                ? "few whole numbers, taken for a category"
                                : "an id by its name, taken for a category");
        boolean isLong = column.distinct() > MANY;
        feature(
                name(column, group),
                "sparse",
                group,
                column,
                dim(column.distinct()) + (isLong ? ", min_frequency = 2" : ""));
        if (column.isNumber()) {
            alternative("type = dense: a number, of which more is more; or buckets = [...]");
        } else if (isLong) {
            alternative("in place of min_frequency, hash_buckets = 100000: no vocabulary");
        }
    }

    private void dense(ColumnProfile column, FieldGroup group) {
        boolean isSkewed = column.min() >= -10 && column.max() >= SKEW * Math.max(1, Math.abs(column.mean()));
        comment(
                column,
                "a number " + column.range() + ", mean " + ColumnProfile.plain(column.mean())
                        + (isSkewed ? "; a logarithm brings the few large ones closer" : ""));
        feature(
                name(column, group),
                "dense",
                group,
                column,
                ", embedding_dim = 4" + (isSkewed ? ", scaling = log1p" : ""));
        alternative("scaling = " + (isSkewed ? "min_max" : "log1p")
                + " | standard | none; or type = sparse with buckets = [...]");
    }

    private void sequence(ColumnProfile column, FieldGroup group) {
        ColumnProfile.Sequence list = column.sequence();
        comment(
                column,
                String.format(
                        Locale.ROOT,
                        "lists of up to %,d of %,d values%s",
                        list.most(),
                        list.distinct(),
                        list.separator().isEmpty() ? "" : " between '" + list.separator() + "'"));
        String name = name(column, group);
        String split = list.separator().isEmpty()
                ? expressionOf(name, column)
                : ", expression = " + Hocon.text("split(" + sql(column.name()) + ", '[" + list.separator() + "]')");
        features++;
        lines.add("{ name = " + name + ", type = sequence, group = " + group(group) + split + ", max_length = "
                + Math.min(LONGEST_SEQUENCE, list.most()) + dim(list.distinct()) + " }");
        alternative("combiner = sum | sqrtn | max, in place of mean");
    }

    private void comment(ColumnProfile column, String why) {
        lines.add("# " + column.name().replaceAll("\\p{Cntrl}", " ") + ": " + column.counts() + ": " + why);
    }

    private void alternative(String text) {
        lines.add("#   " + text);
    }

    private void feature(String name, String type, FieldGroup group, ColumnProfile column, String more) {
        features++;
        lines.add("{ name = " + name + ", type = " + type + ", group = " + group(group) + expressionOf(name, column)
                + more + " }");
    }

    private static String expressionOf(String name, ColumnProfile column) {
        return name.equals(column.name()) ? "" : expression(column);
    }

    private static String expression(ColumnProfile column) {
        return ", expression = " + Hocon.text(sql(column.name()));
    }

    /** A column as Spark SQL takes it. */
    static String sql(String column) {
        return column.matches(NAME) ? column : TableReader.quoted(column);
    }

    /** What gives a time of a column. */
    static String time(ColumnProfile column) {
        if (column.isEpoch()) {
            return "timestamp_seconds(" + sql(column.name()) + (column.min() > 1e11 ? " / 1000" : "") + ")";
        }
        return column.type().equals("STRING") ? "timestamp(" + sql(column.name()) + ")" : sql(column.name());
    }

    private String name(ColumnProfile column, FieldGroup group) {
        String name = free(column.name(), group);
        taken.add(name.toLowerCase(Locale.ROOT));
        return name;
    }

    /** The column's name, or one like it that is a name and free. */
    private String free(String column, FieldGroup group) {
        String plain = column.replaceAll("[^A-Za-z0-9_]", "_");
        String name = plain.matches(NAME) ? plain : group(group) + "_" + plain;
        String lower = name.toLowerCase(Locale.ROOT);
        String other =
                Tables.RESERVED_FEATURES.contains(lower) || taken.contains(lower) ? group(group) + "_" + name : name;
        for (int i = 2; taken.contains(other.toLowerCase(Locale.ROOT)); i++) {
            other = group(group) + "_" + name + "_" + i;
        }
        return other;
    }

    private static String group(FieldGroup group) {
        return group.name().toLowerCase(Locale.ROOT);
    }

    /** What auto would give for the values that there are, written out. */
    private static String dim(int distinct) {
        int dim = new FeatureDefinition(
                        Located.of("any"),
                        FeatureType.SPARSE,
                        FieldGroup.CONTEXT,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        "auto",
                        1,
                        Combiner.MEAN,
                        1,
                        0,
                        Optional.empty())
                .embeddingDim(distinct + 1);
        return ", embedding_dim = " + dim;
    }

    int features() {
        return features;
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
