package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.core.Linear;
import io.deepfm.model.layer.LayerInput;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.FeatureType;
import io.deepfm.schema.FieldSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The fields of one group.
 *
 * <p>Operations are few rather than small: sparse fields of one width that follow each other are looked up and projected
 * together, and the linear terms of all fields are one lookup.
 */
final class GroupEmbedding {

    /** Fields that are embedded together; a dense field is alone and looks nothing up. */
    private record Run(List<FieldEmbedding> fields, Lookup lookup) {

        /** Their vectors side by side, (R, K * width), in the common dimension, (R, K, D). */
        NDArray project(NDArray vectors) {
            boolean projects = fields.get(0).projection() != null;
            if (fields.size() == 1) {
                NDArray one = projects
                        ? Linear.linear(vectors, fields.get(0).projection().array())
                                .singletonOrThrow()
                        : vectors;
                return one.expandDims(1);
            }
            NDArray apart =
                    vectors.reshape(-1, fields.size(), fields.get(0).schema().embeddingDim());
            if (!projects) {
                return apart;
            }
            NDList weights = new NDList();
            fields.forEach(field -> weights.add(field.projection().array()));
            return apart.transpose(1, 0, 2)
                    .batchMatMul(NDArrays.stack(weights).transpose(0, 2, 1))
                    .transpose(1, 0, 2);
        }
    }

    /**
     * What the group's fields are asked for.
     *
     * @param values the dense fields' numbers, shape (R, K); null where there are none
     * @param vectors what each run of fields with ids looks up
     * @param linear what is looked up for the linear terms
     */
    record Input(NDArray values, List<Lookup.Input> vectors, List<Lookup.Input> linear) {

        /**
         * The same of some of the R rows.
         *
         * @param numbers which, shape (B)
         * @param tableRows R
         * @param theirValues the dense fields' numbers of these
         */
        Input of(NDArray numbers, long tableRows, NDArray theirValues) {
            return new Input(
                    theirValues,
                    vectors.stream().map(input -> input.of(numbers, tableRows)).toList(),
                    linear.stream().map(input -> input.of(numbers, tableRows)).toList());
        }

        /** Gives what is looked up to a manager, and no scope closes it. */
        void keep(NDManager manager) {
            Stream.of(vectors, linear)
                    .flatMap(List::stream)
                    .flatMap(input -> Stream.of(input.index(), input.weights(), input.shares()))
                    .filter(Objects::nonNull)
                    .forEach(array -> {
                        NDScope.unregister(array);
                        array.attach(manager);
                    });
        }
    }

    /**
     * R embedded rows.
     *
     * @param linear the linear terms, shape (R, H); null where there are none
     * @param vectors in the common dimension, shape (R, F, D); null where there are none
     * @param found the fields' own vectors, in the order of the fields
     */
    record Embedded(NDArray linear, NDArray vectors, NDList found) {

        /** The fields' own vectors side by side, shape (R, flat dim). */
        NDArray flat() {
            return LayerInput.sideBySide(found);
        }
    }

    private final List<FieldEmbedding> fields;
    private final List<Run> runs = new ArrayList<>();
    private final List<Lookup> vectorLookups;
    private final List<Lookup> linear = new ArrayList<>();
    private final boolean firstOrder;
    private final boolean projects;

    /**
     * @param fields in the schema's order
     * @param firstOrder whether there is a linear term
     * @param projects whether there are vectors in the common dimension
     */
    GroupEmbedding(List<FieldEmbedding> fields, boolean firstOrder, boolean projects) {
        this.fields = fields;
        this.firstOrder = firstOrder;
        this.projects = projects;
        for (List<FieldEmbedding> run : runs(fields, GroupEmbedding::lookUpTogether)) {
            runs.add(new Run(run, run.get(0).isDense() ? null : lookup(run)));
        }
        vectorLookups = runs.stream().map(Run::lookup).filter(Objects::nonNull).toList();
        if (firstOrder) {
            List<FieldEmbedding> withIds =
                    fields.stream().filter(field -> !field.isDense()).toList();
            for (List<FieldEmbedding> run : runs(withIds, (a, b) -> !takesMaximum(a) && !takesMaximum(b))) {
                linear.add(
                        new Lookup(run.stream().map(FieldEmbedding::linearTerms).toList(), true));
            }
        }
    }

    private static Lookup lookup(List<FieldEmbedding> run) {
        return new Lookup(
                run.stream().map(FieldEmbedding::vectors).toList(),
                run.get(0).schema().type() == FeatureType.SEQUENCE);
    }

    private static boolean lookUpTogether(FieldEmbedding a, FieldEmbedding b) {
        return a.schema().type() == FeatureType.SPARSE
                && b.schema().type() == FeatureType.SPARSE
                && a.schema().embeddingDim() == b.schema().embeddingDim();
    }

    private static boolean takesMaximum(FieldEmbedding field) {
        return field.schema().combiner() == Combiner.MAX;
    }

    /** Fields that follow each other, as long as each goes together with the next. */
    private static List<List<FieldEmbedding>> runs(
            List<FieldEmbedding> fields, BiPredicate<FieldEmbedding, FieldEmbedding> together) {
        List<List<FieldEmbedding>> runs = new ArrayList<>();
        FieldEmbedding before = null;
        for (FieldEmbedding field : fields) {
            if (before == null || !together.test(before, field)) {
                runs.add(new ArrayList<>());
            }
            runs.get(runs.size() - 1).add(field);
            before = field;
        }
        return runs;
    }

    /** What rows of the group's table ask for. */
    Input input(FeatureBatch.Group table, TableRows rows) {
        if (table.ids() == null) {
            return new Input(table.values(), List.of(), List.of());
        }
        NDArray ids = table.ids().toType(DataType.INT64, false);
        NDArray weights = weights(ids);
        return new Input(
                table.values(),
                vectorLookups.stream()
                        .map(lookup -> lookup.input(ids, weights, rows))
                        .toList(),
                linear.stream().map(lookup -> lookup.input(ids, weights, rows)).toList());
    }

    /** What rows of the group's table ask for, which will be asked for often; waits for the device. */
    Input prepare(FeatureBatch.Group table) {
        Input input = input(table, TableRows.ALL);
        return new Input(input.values(), prepared(vectorLookups, input.vectors()), prepared(linear, input.linear()));
    }

    private static List<Lookup.Input> prepared(List<Lookup> lookups, List<Lookup.Input> inputs) {
        return IntStream.range(0, inputs.size())
                .mapToObj(i -> lookups.get(i).prepare(inputs.get(i)))
                .toList();
    }

    /** The weight of each id's row: 0 for id 0, else 1 or what the mean or the like takes of it; shape (R, W). */
    private NDArray weights(NDArray ids) {
        NDArray known = ids.neq(0).toType(DataType.FLOAT32, false);
        if (fields.stream().allMatch(field -> isWhole(field.schema()))) {
            return known;
        }
        NDList parts = new NDList();
        for (FieldEmbedding field : fields) {
            if (!field.isDense()) {
                int column = field.vectors().column();
                NDArray own = known.get(
                        new NDIndex(":, {}:{}", column, column + field.schema().maxLength()));
                parts.add(isWhole(field.schema()) ? own : share(own, field.schema()));
            }
        }
        return LayerInput.sideBySide(parts);
    }

    /** Whether what an id names is taken as a whole. */
    private static boolean isWhole(FieldSchema field) {
        return field.combiner() != Combiner.MEAN && field.combiner() != Combiner.SQRTN;
    }

    private static NDArray share(NDArray known, FieldSchema field) {
        NDArray count = known.sum(new int[] {1}, true).maximum(1f);
        return known.div(field.combiner() == Combiner.MEAN ? count : count.sqrt());
    }

    /** Embeds rows. */
    Embedded embed(Input input, TableRows rows) {
        NDList found = new NDList();
        NDList vectors = new NDList();
        int next = 0;
        for (Run run : runs) {
            NDArray own = run.lookup() == null
                    ? run.fields().get(0).vector(input.values())
                    : run.lookup().find(input.vectors().get(next++), rows);
            found.add(own);
            if (projects && run.fields().get(0).schema().isEmbedded()) {
                vectors.add(run.project(own));
            }
        }
        return new Embedded(
                firstOrder ? firstOrder(input, rows) : null,
                vectors.isEmpty() ? null : LayerInput.sideBySide(vectors),
                found);
    }

    /** Each field's own terms of the linear part, of rows of whole tables, shape (R, F, H). */
    NDArray linearTerms(FeatureBatch.Group table) {
        NDArray ids = table.ids() == null ? null : table.ids().toType(DataType.INT64, false);
        NDArray weights = ids == null ? null : weights(ids);
        NDList terms = new NDList();
        for (FieldEmbedding field : fields) {
            if (field.isDense()) {
                terms.add(field.firstOrder(table.values()));
            } else {
                Lookup own = new Lookup(List.of(field.linearTerms()), true);
                terms.add(own.find(own.input(ids, weights, TableRows.ALL), TableRows.ALL));
            }
        }
        return NDArrays.stack(terms, 1);
    }

    private NDArray firstOrder(Input input, TableRows rows) {
        NDList terms = new NDList();
        for (int i = 0; i < linear.size(); i++) {
            terms.add(linear.get(i).find(input.linear().get(i), rows));
        }
        for (FieldEmbedding field : fields) {
            if (field.isDense()) {
                terms.add(field.firstOrder(input.values()));
            }
        }
        return FeatureEmbedding.sum(terms);
    }
}
