package io.deepfm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.model.embedding.FeatureEmbedding;
import io.deepfm.model.embedding.FeatureViews;
import io.deepfm.model.embedding.FeatureViews.View;
import io.deepfm.model.embedding.FieldParts;
import io.deepfm.model.embedding.Side;
import io.deepfm.model.embedding.SideRows;
import io.deepfm.model.layer.LayerInput;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.pair.PairScores;
import io.deepfm.model.pair.PairTerm;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.model.parameter.Parameters;
import io.deepfm.schema.DatasetSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A click-through-rate model: an embedding that all share, and what a subclass makes of its views.
 *
 * <p>The output is a logit for each of H heads; {@code sigmoid(logit)} is the probability that its answer is 1. Heads share
 * embeddings and hidden layers; each has its own linear term, weights of the factorization machine's dimensions and output
 * layer.
 */
public abstract class CtrModel {

    private final Parameters parameters = new Parameters();
    private final DatasetSchema schema;
    private final HeadsConfig heads;
    private final Set<View> views;
    private final Parameter bias;
    private final FeatureEmbedding embedding;

    /**
     * @param schema the fields
     * @param heads what the model answers
     * @param dim the common dimension D of the fields' vectors; 0 where the model reads none but {@link FeatureViews#flat}
     * @param firstOrder whether there is a linear term
     * @param views what {@link #interactions} reads besides
     */
    protected CtrModel(DatasetSchema schema, HeadsConfig heads, int dim, boolean firstOrder, Set<View> views) {
        this.schema = schema;
        this.heads = heads;
        this.views = views;
        bias = parameters.trained("bias", new Shape(heads.count()), Initializer.ZEROS);
        embedding = new FeatureEmbedding(parameters, schema, dim, heads.count(), firstOrder, views);
    }

    /**
     * A model with one head.
     *
     * @param schema the fields
     * @param dim the common dimension D of the fields' vectors; 0 where the model reads none but {@link FeatureViews#flat}
     * @param firstOrder whether there is a linear term
     * @param views what {@link #interactions} reads besides
     */
    protected CtrModel(DatasetSchema schema, int dim, boolean firstOrder, Set<View> views) {
        this(schema, HeadsConfig.ONE, dim, firstOrder, views);
    }

    /**
     * What the model adds to the bias and the linear term.
     *
     * @param views what the embedding made of a batch of B rows
     * @param pass whether dropout and batch statistics apply, and what goes back
     * @return shape (B, H)
     */
    protected abstract NDArray interactions(FeatureViews views, Pass pass);

    /**
     * Logits of a batch.
     *
     * @param batch the input of B rows
     * @param pass whether dropout and batch statistics apply, and what goes back
     * @return shape (B, H)
     */
    public final NDArray forward(FeatureBatch batch, Pass pass) {
        return forward(embedding.forward(batch), pass);
    }

    /**
     * Logits of a batch that is embedded already.
     *
     * @param views the views of B rows
     * @param pass whether dropout and batch statistics apply, and what goes back
     * @return shape (B, H)
     */
    public final NDArray forward(FeatureViews views, Pass pass) {
        NDArray interactions = interactions(views, pass).add(bias.array());
        return views.firstOrder() == null ? interactions : interactions.add(views.firstOrder());
    }

    /**
     * What the deep part reads of some rows: the fields' vectors, in one or both forms, all other views null.
     *
     * @param parts what each field brings to the rows
     * @return the views for {@link #deep}
     */
    public final FeatureViews deepViews(FieldParts parts) {
        return new FeatureViews(
                null,
                null,
                views.contains(View.FIELDS) ? parts.vectors() : null,
                views.contains(View.FLAT) ? LayerInput.of(parts.flat()) : null);
    }

    /**
     * The deep part of the logit: all of it but the bias, the linear terms and the second-order term of the factorization machine.
     *
     * @param views of B rows, as {@link #deepViews} gives them
     * @param pass whether dropout and batch statistics apply, and what goes back
     * @return shape (B, H)
     */
    public final NDArray deep(FeatureViews views, Pass pass) {
        return interactions(views, pass);
    }

    /**
     * Whether the pairs of fields have a term of their own, that of the factorization machine.
     *
     * @return false of a model whose interactions are all in the deep part
     */
    public final boolean hasSecondOrder() {
        return views.contains(View.SECOND_ORDER);
    }

    /**
     * How much fields look at each other.
     *
     * @param vectors the fields' vectors, shape (B, E, D)
     * @return of each layer of attention the weights, shape (B, attention heads, E that look, E that are looked at), which sum to
     *     1 over the last axis; nothing of a model without attention
     */
    public NDList attention(NDArray vectors) {
        return new NDList();
    }

    /**
     * The terms of {@link #interactions}, each by its layer's own way to score pairs.
     *
     * @return their sum is what {@link #interactions} gives; none where the model knows no other way than row by row
     */
    protected List<PairTerm> pairTerms() {
        return List.of();
    }

    /**
     * The model over pairs of a list and an item.
     *
     * @param manager owns what is prepared
     * @return the model with its weights as they are now
     */
    public final PairScores pairScores(NDManager manager) {
        List<PairTerm> terms = new ArrayList<>();
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            if (hasBothSides()) {
                terms.addAll(pairTerms());
            }
            if (terms.isEmpty()) {
                terms.add(new RowByRow(this));
            } else {
                for (int head = 0; head < heads(); head++) {
                    terms.add(new Linear(
                            head,
                            bias.array()
                                    .get(new NDIndex("{}:{}", head, head + 1))
                                    .duplicate()));
                }
            }
            for (PairTerm term : terms) {
                for (NDArray constant : term.constants()) {
                    NDScope.unregister(constant);
                    constant.attach(manager);
                }
            }
        }
        return new PairScores(terms, heads());
    }

    /** Whether there is something to compute once for a list, and something for an item. */
    private boolean hasBothSides() {
        return Arrays.stream(Side.values())
                .allMatch(side -> schema.embeddedFields().stream().anyMatch(field -> side.has(field.group())));
    }

    /** A head's bias and linear term. */
    private record Linear(int head, NDArray bias) implements PairTerm.Dot {

        @Override
        public NDList constants() {
            return new NDList(bias);
        }

        @Override
        public PairTerm.Vectors side(SideRows rows) {
            NDArray all = rows.views().firstOrder();
            NDArray linear = all == null ? null : all.get(new NDIndex(":, {}:{}", head, head + 1));
            if (rows.side() == Side.ITEM) {
                return new PairTerm.Vectors(linear, null);
            }
            NDArray own = linear == null
                    ? bias.expandDims(1).repeat(0, rows.columns().getShape().get(0))
                    : linear.add(bias);
            return new PairTerm.Vectors(own, null);
        }
    }

    /**
     * The probability of label 1.
     *
     * @param logit the model's output
     * @return its sigmoid; a double, in which different logits stay different
     */
    public static double probability(double logit) {
        return 1 / (1 + Math.exp(-logit));
    }

    /**
     * What the log of the probability of liking weighs beside the logit of interaction in the ranking.
     *
     * @return 1 where it is not chosen yet; with one head of no meaning
     */
    public final double likeWeight() {
        return heads.weight().orElse(1);
    }

    /**
     * The bias of each head.
     *
     * @return H numbers
     */
    public final float[] bias() {
        return bias.array().toFloatArray();
    }

    /**
     * The number of logits.
     *
     * @return H
     */
    public final int heads() {
        return heads.count();
    }

    /**
     * The weights.
     *
     * @return declared; set with {@link Parameters#set}
     */
    public final Parameters parameters() {
        return parameters;
    }

    /**
     * The embedding.
     *
     * @return what makes the views
     */
    public final FeatureEmbedding embedding() {
        return embedding;
    }

    /**
     * The fields.
     *
     * @return what the model was built for
     */
    public final DatasetSchema schema() {
        return schema;
    }

    /**
     * Starts a new sequence of dropout masks.
     *
     * @param seed decides them until the next call
     */
    public final void seedDropout(long seed) {
        parameters.seed(seed);
    }
}
