package io.deepfm.model;

import ai.djl.ndarray.NDArray;
import io.deepfm.model.embedding.FeatureConfig;
import io.deepfm.model.embedding.FeatureViews;
import io.deepfm.model.embedding.FeatureViews.View;
import io.deepfm.model.embedding.FmConfig;
import io.deepfm.model.interaction.CinConfig;
import io.deepfm.model.interaction.CompressedInteractionNetwork;
import io.deepfm.model.layer.Dnn;
import io.deepfm.model.layer.DnnConfig;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.pair.DnnPairs;
import io.deepfm.model.pair.PairTerm;
import io.deepfm.schema.DatasetSchema;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * xDeepFM: explicit interactions of bounded order from a compressed interaction network, implicit ones from a deep
 * network, over the same embeddings.
 *
 * <pre>y = sigmoid(bias + &lt;w, x&gt; + CIN(v) + DNN(v))</pre>
 *
 * @see <a href="https://arxiv.org/abs/1803.05170">Lian et al., xDeepFM: Combining Explicit and Implicit Feature
 *     Interactions for Recommender Systems, 2018, equation 9</a>
 */
public final class XDeepFm extends CtrModel {

    /** The sections that the model reads, of {@code fm} the key {@code use_first_order} alone. */
    public record Settings(HeadsConfig model, FeatureConfig feature, FmConfig fm, CinConfig cin, DnnConfig dnn) {}

    /** {@code model_name = xdeepfm}. */
    public static final class Factory implements Architecture<Settings> {
        @Override
        public String name() {
            return "xdeepfm";
        }

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public CtrModel create(DatasetSchema schema, Settings settings) {
            return new XDeepFm(schema, settings);
        }
    }

    private final CompressedInteractionNetwork cin;
    private final Dnn dnn;

    private XDeepFm(DatasetSchema schema, Settings settings) {
        super(
                schema,
                settings.model(),
                settings.feature().fmEmbedDim(),
                settings.fm().useFirstOrder(),
                EnumSet.of(View.FIELDS, View.FLAT));
        cin = new CompressedInteractionNetwork(parameters(), embedding().embeddedFields(), heads(), settings.cin());
        dnn = new Dnn(parameters(), schema.totalEmbeddingDim(), heads(), settings.dnn());
    }

    @Override
    protected NDArray interactions(FeatureViews views, Pass pass) {
        return cin.forward(views.fields(), pass).add(dnn.forward(views.flat(), pass.isTraining()));
    }

    @Override
    protected List<PairTerm> pairTerms() {
        List<PairTerm> terms = new ArrayList<>(cin.pairs(embedding().itemsOfFields()));
        terms.add(new DnnPairs(dnn.folded(), embedding().itemsOfFlat()));
        return terms;
    }
}
