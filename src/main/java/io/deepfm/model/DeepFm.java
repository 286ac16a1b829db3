package io.deepfm.model;

import ai.djl.ndarray.NDArray;
import io.deepfm.model.embedding.FeatureConfig;
import io.deepfm.model.embedding.FeatureViews;
import io.deepfm.model.embedding.FeatureViews.View;
import io.deepfm.model.embedding.FmConfig;
import io.deepfm.model.layer.Dnn;
import io.deepfm.model.layer.DnnConfig;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.pair.DnnPairs;
import io.deepfm.model.pair.PairTerm;
import io.deepfm.model.pair.SecondOrderPairs;
import io.deepfm.schema.DatasetSchema;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * DeepFM: a factorization machine and a deep network over the same embeddings.
 *
 * <pre>y = sigmoid(bias + &lt;w, x&gt; + sum_{i&lt;j} &lt;v_i, v_j&gt; + DNN(v))</pre>
 *
 * @see <a href="https://arxiv.org/abs/1703.04247">Guo et al., DeepFM: A Factorization-Machine based Neural Network for CTR
 *     Prediction, 2017, equations 1 to 4</a>
 */
public final class DeepFm extends CtrModel {

    /** The sections that the model reads. */
    public record Settings(HeadsConfig model, FeatureConfig feature, FmConfig fm, DnnConfig dnn) {}

    /** {@code model_name = deepfm}. */
    public static final class Factory implements Architecture<Settings> {
        @Override
        public String name() {
            return "deepfm";
        }

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public CtrModel create(DatasetSchema schema, Settings settings) {
            return new DeepFm(schema, settings);
        }
    }

    private final Dnn dnn;

    private DeepFm(DatasetSchema schema, Settings settings) {
        super(
                schema,
                settings.model(),
                settings.feature().fmEmbedDim(),
                settings.fm().useFirstOrder(),
                settings.fm().useSecondOrder() ? EnumSet.of(View.SECOND_ORDER, View.FLAT) : EnumSet.of(View.FLAT));
        dnn = new Dnn(parameters(), schema.totalEmbeddingDim(), heads(), settings.dnn());
    }

    @Override
    protected NDArray interactions(FeatureViews views, Pass pass) {
        NDArray deep = dnn.forward(views.flat(), pass.isTraining());
        return views.secondOrder() == null ? deep : deep.add(views.secondOrder());
    }

    @Override
    protected List<PairTerm> pairTerms() {
        List<PairTerm> terms =
                new ArrayList<>(SecondOrderPairs.ofHeads(heads(), embedding().secondOrderWeight()));
        terms.add(new DnnPairs(dnn.folded(), embedding().itemsOfFlat()));
        return terms;
    }
}
