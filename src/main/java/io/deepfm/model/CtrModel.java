package io.deepfm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.deepfm.model.layer.FeatureBatch;
import io.deepfm.model.layer.FeatureEmbedding;
import io.deepfm.model.layer.FeatureViews;
import io.deepfm.model.layer.FeatureViews.View;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.layer.Side;
import io.deepfm.model.layer.SideRows;
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
 * <p>The output is a logit; {@code sigmoid(logit)} is the probability of label 1.
 */
public abstract class CtrModel {

    private final Parameters parameters = new Parameters();
    private final DatasetSchema schema;
    private final Parameter bias;
    private final FeatureEmbedding embedding;

    /**
     * @param schema the fields
     * @param dim the common dimension D of the fields' vectors; 0 where the model reads none but {@link FeatureViews#flat}
     * @param firstOrder whether there is a linear term
     * @param views what {@link #interactions} reads besides
     */
    protected CtrModel(DatasetSchema schema, int dim, boolean firstOrder, Set<View> views) {
        this.schema = schema;
        bias = parameters.trained("bias", new Shape(1), Initializer.ZEROS);
        embedding = new FeatureEmbedding(parameters, schema, dim, firstOrder, views);
    }

    /**
     * What the model adds to the bias and the linear term.
     *
     * @param views what the embedding made of a batch of B rows
     * @param pass whether dropout and batch statistics apply, and what goes back
     * @return shape (B, 1)
     */
    protected abstract NDArray interactions(FeatureViews views, Pass pass);

    /**
     * Logits of a batch.
     *
     * @param batch the input of B rows
     * @param pass whether dropout and batch statistics apply, and what goes back
     * @return shape (B)
     */
    public final NDArray forward(FeatureBatch batch, Pass pass) {
        return forward(embedding.forward(batch), pass);
    }

    /**
     * Logits of a batch that is embedded already.
     *
     * @param views the views of B rows
     * @param pass whether dropout and batch statistics apply, and what goes back
     * @return shape (B)
     */
    public final NDArray forward(FeatureViews views, Pass pass) {
        NDArray interactions = interactions(views, pass).add(bias.array());
        NDArray logits = views.firstOrder() == null ? interactions : interactions.add(views.firstOrder());
        return logits.squeeze(1);
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
            terms.add(
                    terms.isEmpty()
                            ? new RowByRow(this)
                            : new Linear(bias.array().duplicate()));
            for (PairTerm term : terms) {
                for (NDArray constant : term.constants()) {
                    NDScope.unregister(constant);
                    constant.attach(manager);
                }
            }
        }
        return new PairScores(terms);
    }

    /** Whether there is something to compute once for a list, and something for an item. */
    private boolean hasBothSides() {
        return Arrays.stream(Side.values())
                .allMatch(side -> schema.embeddedFields().stream().anyMatch(field -> side.has(field.group())));
    }

    /** The bias and the linear term. */
    private record Linear(NDArray bias) implements PairTerm.Dot {

        @Override
        public NDList constants() {
            return new NDList(bias);
        }

        @Override
        public PairTerm.Vectors side(SideRows rows) {
            NDArray linear = rows.views().firstOrder();
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
