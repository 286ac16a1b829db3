package io.deepfm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.core.Linear;
import io.deepfm.model.embedding.FeatureViews;
import io.deepfm.model.embedding.FeatureViews.View;
import io.deepfm.model.embedding.ItemColumns;
import io.deepfm.model.interaction.CrossConfig;
import io.deepfm.model.interaction.CrossNetwork;
import io.deepfm.model.layer.DnnConfig;
import io.deepfm.model.layer.HiddenLayers;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.pair.DnnPairs;
import io.deepfm.model.pair.PairTerm;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.model.parameter.Parameter;
import io.deepfm.schema.DatasetSchema;
import java.util.EnumSet;
import java.util.List;

/**
 * DCNv2: a cross network and a deep network in parallel over the same embeddings, one linear output over both.
 *
 * <pre>y = sigmoid(bias + w [cross(v), h(v)] + b),   x_{l+1} = v * (W_l x_l + b_l) + x_l</pre>
 *
 * <p>{@code v} is the fields' own vectors side by side, of width d, and {@code h} the last hidden layer. As in the paper there
 * is no linear term over the features and no projection to a common dimension, so the sections {@code fm} and {@code
 * feature.fm_embed_dim} do not count. The output's weights are {@code output.weight}, shape (1, d + H), a row for each head, the cross network's
 * part first, and {@code output.bias}.
 *
 * @see <a href="https://arxiv.org/abs/2008.13535">Wang et al., DCN V2: Improved Deep &amp; Cross Network and Practical
 *     Lessons for Web-scale Learning to Rank Systems, 2021, section 3, parallel structure</a>
 */
public final class DcnV2 extends CtrModel {

    /** The sections that the model reads. */
    public record Settings(HeadsConfig model, DnnConfig dnn, CrossConfig dcnv2) {}

    /** {@code model_name = dcnv2}. */
    public static final class Factory implements Architecture<Settings> {
        @Override
        public String name() {
            return "dcnv2";
        }

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public CtrModel create(DatasetSchema schema, Settings settings) {
            return new DcnV2(schema, settings);
        }
    }

    private final CrossNetwork cross;
    private final HiddenLayers deep;
    private final Parameter outputWeight;
    private final Parameter outputBias;

    private DcnV2(DatasetSchema schema, Settings settings) {
        super(schema, settings.model(), 0, false, EnumSet.of(View.FLAT));
        int width = schema.totalEmbeddingDim();
        cross = new CrossNetwork(parameters(), width, settings.dcnv2());
        deep = new HiddenLayers(parameters(), width, settings.dnn());
        outputWeight = parameters()
                .trained("output.weight", new Shape(heads(), width + deep.outputSize()), Initializer.XAVIER_UNIFORM);
        outputBias = parameters().trained("output.bias", new Shape(heads()), Initializer.ZEROS);
    }

    @Override
    protected NDArray interactions(FeatureViews views, Pass pass) {
        NDArray both = cross.forward(views.flat().whole()).concat(deep.forward(views.flat(), pass.isTraining()), 1);
        return Linear.linear(both, outputWeight.array(), outputBias.array()).singletonOrThrow();
    }

    @Override
    protected List<PairTerm> pairTerms() {
        ItemColumns items = embedding().itemsOfFlat();
        NDList weights = outputWeight.array().split(new long[] {schema().totalEmbeddingDim()}, 1);
        return List.of(
                cross.pairs(weights.get(0), items),
                new DnnPairs(deep.folded(weights.get(1), outputBias.array()), items));
    }
}
