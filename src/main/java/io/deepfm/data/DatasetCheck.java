package io.deepfm.data;

import static org.apache.spark.sql.functions.array_max;
import static org.apache.spark.sql.functions.array_min;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.deepfm.config.ConfigException;
import io.deepfm.config.Located;
import io.deepfm.data.encode.ConstantFeatures;
import io.deepfm.data.encode.Encoders;
import io.deepfm.data.encode.RawExpression;
import io.deepfm.data.history.HistoryCheck;
import io.deepfm.data.read.Extremes;
import io.deepfm.data.read.LeftOut;
import io.deepfm.data.read.TableReader;
import io.deepfm.data.source.RawSources;
import io.deepfm.dataset.CandidatesDefinition;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.FeatureDefinition;
import io.deepfm.dataset.TableSource;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Whether a dataset's description fits its tables: each expression is tried on an empty table, then all values are checked in one pass, before any other work. Errors name the place in the configuration and the columns there are.
 */
final class DatasetCheck {

    private final SparkSession spark;
    private final TableReader reader;
    private final DatasetDefinition dataset;

    DatasetCheck(SparkSession spark, TableReader reader, DatasetDefinition dataset) {
        this.spark = spark;
        this.reader = reader;
        this.dataset = dataset;
    }

    /**
     * Checks keys, time, label and features on empty tables.
     *
     * @throws ConfigException if one does not fit
     */
    void columns() {
        Dataset<Row> interactions = empty(reader.schema(dataset.interactions()));
        Located path = dataset.interactions().path();
        dataset.validation().ifPresent(source -> sameColumns(interactions, source));
        dataset.test().ifPresent(source -> sameColumns(interactions, source));
        Map<FieldGroup, Dataset<Row>> tables = new EnumMap<>(FieldGroup.class);
        tables.put(FieldGroup.CONTEXT, interactions);
        table(interactions, dataset.user(), dataset.users(), "user").ifPresent(t -> tables.put(FieldGroup.USER, t));
        table(interactions, dataset.item(), dataset.items(), "item").ifPresent(t -> tables.put(FieldGroup.ITEM, t));
        dataset.time().ifPresent(time -> RawExpression.time(interactions, time, path));
        dataset.label().ifPresent(label -> {
            DataType type = RawExpression.type(interactions, label, "label", path);
            if (!(type instanceof BooleanType) && !(type instanceof NumericType) && !(type instanceof StringType)) {
                throw label.error("label: " + label + " gives " + type.simpleString()
                        + ", but a label must be true or false, or 1 or 0.");
            }
        });
        dataset.candidates().ifPresent(this::candidates);
        dataset.features().forEach(feature -> check(feature, tables.get(feature.group())));
    }

    private void candidates(CandidatesDefinition lists) {
        Dataset<Row> table = empty(reader.schema(lists.source()));
        Located path = lists.source().path();
        RawExpression.type(table, lists.userOr(dataset), "candidates.user", path);
        RawExpression.type(table, lists.itemOr(dataset), "candidates.item", path);
        lists.negatives().ifPresent(negatives -> {
            DataType type = RawExpression.type(table, negatives, "candidates.negatives", path);
            if (!(type instanceof ArrayType)) {
                throw negatives.error("candidates.negatives: must be an array of items, but " + negatives + " gives "
                        + type.simpleString() + ". Use for example split(" + negatives + ", ' ').");
            }
        });
    }

    /**
     * Checks all values in one pass.
     *
     * @return how many rows conditions leave out, by {@link LeftOut#count}, and the features with one value in all rows, by
     *     {@link ConstantFeatures#counts}
     * @throws ConfigException if a label is neither 0 nor 1, all features have one value, or a source's condition leaves out
     *     all its rows
     */
    Map<String, Long> values() {
        // What a history gives is known once there is a split, and checked then.
        Map<TableSource, List<FeatureDefinition>> features = dataset.features().stream()
                .filter(feature -> feature.history().isEmpty())
                .collect(Collectors.groupingBy(this::source, LinkedHashMap::new, Collectors.toList()));
        RawSources interactions = RawSources.interactions(dataset);
        interactions.byName().values().forEach(source -> features.putIfAbsent(source, List.of()));
        Map<String, Long> counts = new TreeMap<>();
        Map<String, String> constant = new HashMap<>();
        RawSources all = interactions.and(RawSources.usersAndItems(dataset));
        all.byName().values().stream()
                .filter(source -> source.where().isPresent())
                .forEach(source -> features.putIfAbsent(source, List.of()));
        features.forEach((source, of) -> {
            long leftOut = values(of, source, interactions.byName().containsValue(source), constant);
            all.byName().entrySet().stream()
                    .filter(named -> leftOut > 0 && named.getValue().equals(source))
                    .forEach(named -> counts.put(LeftOut.WHERE.count(named.getKey()), leftOut));
        });
        ConstantFeatures found = new ConstantFeatures(constant);
        found.requireSomeLeft(dataset, feature -> reader.schema(source(feature)));
        counts.putAll(found.counts());
        return counts;
    }

    /** Notes the features with one value; returns how many rows the source's condition leaves out. */
    private long values(
            List<FeatureDefinition> features, TableSource source, boolean hasLabel, Map<String, String> constant) {
        Optional<Located> label = hasLabel ? dataset.label() : Optional.empty();
        List<Extremes.Value> wanted = new ArrayList<>();
        features.forEach(feature -> wanted.add(value(feature)));
        Column labels = label.map(text -> expr(text.text())).orElse(lit(null));
        Column number = labels.cast("double");
        wanted.add(Extremes.Value.of(number));
        wanted.add(Extremes.Value.of(when(number.isin(0.0, 1.0).equalTo(false), number)));
        wanted.add(Extremes.Value.of(when(number.isNull(), labels.cast("string"))));
        Extremes found = reader.extremes(source, hasLabel ? RawSources.keys(dataset) : List.of(), wanted);
        if (found.leftOut() == found.rows()) {
            Located where = source.where().orElseThrow();
            throw where.error(
                    "where: " + where + " is true for none of the " + found.rows() + " rows of " + source.path() + ".");
        }
        label.ifPresent(text -> requireLabels(
                text, found.greatest().subList(features.size(), found.greatest().size())));
        for (int i = 0; i < features.size() && found.goodRows() > 0; i++) {
            String least = found.least().get(i);
            if (Objects.equals(least, found.greatest().get(i))) {
                constant.put(features.get(i).name().text(), ConstantFeatures.describe(least));
            }
        }
        return found.leftOut();
    }

    /** Refuses labels of which one is another number, or none is a number at all; a few texts among them are bad rows. */
    private static void requireLabels(Located label, List<String> greatest) {
        String number = greatest.get(0);
        String other = greatest.get(1);
        String text = greatest.get(2);
        if (other != null) {
            throw label.error(
                    "label: " + label + " gives " + other + ", but a label must be true or false, or 1 or 0. Compare it"
                            + " with a number, such as " + label + " >= 4.");
        }
        if (number == null && text != null) {
            throw label.error("label: " + label + " gives texts such as '" + text + "', but a label must be true or"
                    + " false, or 1 or 0. Compare it with the text that means 1, such as " + label + " = '" + text
                    + "'.");
        }
    }

    private TableSource source(FeatureDefinition feature) {
        Optional<TableSource> own =
                switch (feature.group()) {
                    case USER -> dataset.users();
                    case ITEM -> dataset.items();
                    case CONTEXT -> Optional.empty();
                };
        return own.orElse(dataset.interactions());
    }

    private static Extremes.Value value(FeatureDefinition feature) {
        Column value = Encoders.value(feature);
        return switch (feature.type()) {
            case SPARSE -> Extremes.Value.of(value);
            case DENSE -> Extremes.Value.of(when(Encoders.isFinite(value), value));
            case SEQUENCE -> new Extremes.Value(array_min(value), array_max(value));
        };
    }

    private void check(FeatureDefinition feature, Dataset<Row> table) {
        Located expression = feature.expressionOrName();
        String what = "feature " + feature.name();
        if (Tables.RESERVED_FEATURES.contains(feature.name().text().toLowerCase(Locale.ROOT))) {
            throw feature.name()
                    .error(what + ": reserved name, as are "
                            + String.join(", ", Tables.RESERVED_FEATURES) + ". Choose another name; expression = "
                            + feature.expressionOrName() + " can stay.");
        }
        if (feature.history().isPresent()) {
            HistoryCheck.requireFit(feature, dataset, table);
            return;
        }
        DataType type =
                RawExpression.type(table, expression, what, source(feature).path());
        boolean isArray = type instanceof ArrayType;
        switch (feature.type()) {
            case SEQUENCE -> {
                if (!isArray) {
                    throw expression.error(what + ": a sequence must be an array, but " + expression + " gives "
                            + type.simpleString() + ". Use for example split(" + expression + ", '[|]').");
                }
            }
            case DENSE -> {
                if (!(type instanceof NumericType) && !(type instanceof BooleanType)) {
                    throw expression.error(what + ": a dense feature must be a number, but " + expression + " gives "
                            + type.simpleString() + ". Use for example CAST(" + expression + " AS DOUBLE).");
                }
            }
            case SPARSE -> {
                if (isArray || type instanceof StructType) {
                    throw expression.error(what + ": a sparse feature must be a single value, but " + expression
                            + " gives " + type.simpleString() + ".");
                }
                if (!feature.buckets().isEmpty() && !(type instanceof NumericType)) {
                    throw expression.error(what + ": buckets require a number, but " + expression + " gives "
                            + type.simpleString() + ".");
                }
            }
        }
    }

    private Optional<Dataset<Row>> table(
            Dataset<Row> interactions, Optional<Located> key, Optional<TableSource> source, String what) {
        if (key.isEmpty()) {
            return Optional.empty();
        }
        requireColumn(interactions, key.get(), what, dataset.interactions());
        if (source.isEmpty()) {
            return Optional.of(
                    interactions.select(col(TableReader.quoted(key.get().text()))));
        }
        Dataset<Row> table = empty(reader.schema(source.get()));
        requireColumn(table, key.get(), what, source.get());
        return Optional.of(table);
    }

    private static void requireColumn(Dataset<Row> table, Located name, String what, TableSource source) {
        if (!List.of(table.columns()).contains(name.text())) {
            throw name.error(what + ": there is no column " + name + " in " + source.path() + ". Available: "
                    + names(table) + ".");
        }
    }

    private void sameColumns(Dataset<Row> interactions, TableSource source) {
        List<String> names = List.of(reader.schema(source).fieldNames());
        if (!names.containsAll(List.of(interactions.columns()))) {
            throw source.path()
                    .error(source.path() + " has the columns " + String.join(", ", names)
                            + ", but needs all that the interactions have: " + names(interactions) + ".");
        }
    }

    private Dataset<Row> empty(StructType schema) {
        return spark.createDataFrame(new ArrayList<Row>(), schema);
    }

    private static String names(Dataset<Row> table) {
        return String.join(", ", table.columns());
    }
}
