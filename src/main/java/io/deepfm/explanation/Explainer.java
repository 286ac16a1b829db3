package io.deepfm.explanation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deepfm.explanation.Contribution.Term;
import io.deepfm.inference.FeatureTable;
import io.deepfm.model.CtrModel;
import io.deepfm.model.embedding.FeatureViews;
import io.deepfm.model.embedding.FieldParts;
import io.deepfm.model.layer.LayerInput;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Takes a logit apart: the bias, each field's linear term, each pair of fields in the factorization machine, and what the deep part
 * owes to each field. Together they are the logit, but for rounding.
 *
 * <p>The deep part (deep network, CIN, cross network, attention) is attributed by {@link IntegratedGradients} from vectors of 0, which
 * is what an unknown value has, to those of the row. What it gives for vectors of 0 counts as bias.
 */
public final class Explainer {

    /** Rows at a time, whose gradients must stay in memory. */
    private static final int CHUNK = 32;

    /** What is missing of the deep part and smaller is rounding. */
    private static final double ROUNDING = 2e-5;

    private final CtrModel model;
    private final List<FieldSchema> fields;
    private final List<FieldSchema> embedded;

    /**
     * @param model a model with its weights set, which must not change
     */
    public Explainer(CtrModel model) {
        this.model = model;
        this.fields = model.schema().fields();
        this.embedded = model.schema().embeddedFields();
    }

    /**
     * Explains the logits of some rows.
     *
     * @param features the features of each group that has fields, row i of each for row i
     * @param head of which logit, from 0: with two heads that of interacting, then that of liking
     * @return for each row all contributions, the largest first, whatever their sign
     */
    public List<List<Contribution>> explain(Map<FieldGroup, FeatureTable> features, int head) {
        int rows = features.values().iterator().next().rows();
        List<List<Contribution>> explained = new ArrayList<>(rows);
        for (int start = 0; start < rows; start += CHUNK) {
            Map<FieldGroup, FeatureTable> some = new EnumMap<>(FieldGroup.class);
            for (Map.Entry<FieldGroup, FeatureTable> group : features.entrySet()) {
                some.put(group.getKey(), group.getValue().slice(start, Math.min(rows, start + CHUNK)));
            }
            explained.addAll(chunk(some, head));
        }
        return explained;
    }

    private List<List<Contribution>> chunk(Map<FieldGroup, FeatureTable> features, int head) {
        try (NDManager scratch = ModelInput.scratch(model);
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            FieldParts parts = ModelInput.parts(model, features, scratch);
            FeatureViews views = model.deepViews(parts);
            NDList inputs = new NDList(Stream.of(
                            views.fields(),
                            views.flat() == null ? null : views.flat().whole())
                    .filter(Objects::nonNull)
                    .toArray(NDArray[]::new));
            IntegratedGradients gradients =
                    new IntegratedGradients(scratch, (places, pass) -> model.deep(like(views, places), pass), head);
            double bias = model.bias()[head] + gradients.baseline(inputs);
            double[][] deep = gradients.of(inputs);
            List<List<Contribution>> all = new ArrayList<>(deep.length);
            for (double[] row : deep) {
                List<Contribution> own = new ArrayList<>(deep(row, views));
                own.add(new Contribution(Term.BIAS, List.of(), bias));
                all.add(own);
            }
            addFirstOrder(all, parts, head);
            addPairs(all, parts, head);
            all.forEach(own -> own.sort(Contribution.LARGEST_FIRST));
            return all;
        }
    }

    private static FeatureViews like(FeatureViews views, NDList inputs) {
        return new FeatureViews(
                null,
                null,
                views.fields() == null ? null : inputs.get(0),
                views.flat() == null ? null : LayerInput.of(inputs.get(inputs.size() - 1)));
    }

    private void addFirstOrder(List<List<Contribution>> rows, FieldParts parts, int head) {
        if (parts.firstOrder() == null) {
            return;
        }
        float[] terms = parts.firstOrder().toFloatArray();
        int i = head;
        for (List<Contribution> row : rows) {
            for (FieldSchema field : fields) {
                row.add(new Contribution(Term.FIRST_ORDER, List.of(field.name()), terms[i]));
                i += model.heads();
            }
        }
    }

    private void addPairs(List<List<Contribution>> rows, FieldParts parts, int head) {
        if (!model.hasSecondOrder()) {
            return;
        }
        PairTerms terms = PairTerms.of(model, parts.vectors(), head);
        for (int row = 0; row < rows.size(); row++) {
            for (int i = 0; i < embedded.size(); i++) {
                for (int j = i + 1; j < embedded.size(); j++) {
                    List<String> pair =
                            List.of(embedded.get(i).name(), embedded.get(j).name());
                    rows.get(row).add(new Contribution(Term.PAIR, pair, terms.of(row, i, j)));
                }
            }
        }
    }

    /** By field: its vector may be there in the common dimension, before projection, or both. */
    private List<Contribution> deep(double[] attributed, FeatureViews views) {
        Map<String, Double> sums = new LinkedHashMap<>();
        int at = 0;
        if (views.fields() != null) {
            int dim = (int) views.fields().getShape().get(2);
            for (FieldSchema field : embedded) {
                sums.merge(field.name(), sum(attributed, at, at + dim), Double::sum);
                at += dim;
            }
        }
        if (views.flat() != null) {
            for (FieldSchema field : fields) {
                sums.merge(field.name(), sum(attributed, at, at + field.flatDim()), Double::sum);
                at += field.flatDim();
            }
        }
        List<Contribution> deep = new ArrayList<>();
        sums.forEach((name, value) -> deep.add(new Contribution(Term.DEEP, List.of(name), value)));
        if (Math.abs(attributed[at]) > ROUNDING) {
            deep.add(new Contribution(Term.REST, List.of(), attributed[at]));
        }
        return deep;
    }

    private static double sum(double[] values, int start, int end) {
        return Arrays.stream(values, start, end).sum();
    }
}
