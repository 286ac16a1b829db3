package io.deepfm.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.deepfm.model.embedding.FeatureConfig;
import io.deepfm.model.embedding.FeatureViews;
import io.deepfm.model.embedding.FeatureViews.View;
import io.deepfm.model.embedding.FmConfig;
import io.deepfm.model.interaction.AttentionConfig;
import io.deepfm.model.interaction.FieldAttention;
import io.deepfm.model.layer.Dnn;
import io.deepfm.model.layer.DnnConfig;
import io.deepfm.model.layer.FoldedDnn;
import io.deepfm.model.layer.LayerInput;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.pair.PairTerm;
import io.deepfm.model.pair.SecondOrderPairs;
import io.deepfm.schema.DatasetSchema;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * AttentionDeepFM: DeepFM whose deep network reads the fields after self-attention among them, as in AutoInt.
 *
 * <pre>y = sigmoid(bias + &lt;w, x&gt; + sum_{i&lt;j} &lt;v_i, v_j&gt; + DNN(flatten(attention(v))))</pre>
 *
 * @see <a href="https://arxiv.org/abs/1703.04247">Guo et al., DeepFM, 2017, equations 1 to 4</a>
 * @see <a href="https://arxiv.org/abs/1810.11921">Song et al., AutoInt: Automatic Feature Interaction Learning via
 *     Self-Attentive Neural Networks, 2019, section 4</a>
 */
public final class AttentionDeepFm extends CtrModel {

    /** The sections that the model reads. */
    public record Settings(
            HeadsConfig model, FeatureConfig feature, FmConfig fm, AttentionConfig attention, DnnConfig dnn) {}

    /** {@code model_name = attention_deepfm}. */
    public static final class Factory implements Architecture<Settings> {
        @Override
        public String name() {
            return "attention_deepfm";
        }

        @Override
        public Class<Settings> settings() {
            return Settings.class;
        }

        @Override
        public CtrModel create(DatasetSchema schema, Settings settings) {
            return new AttentionDeepFm(schema, settings);
        }
    }

    private final FieldAttention attention;
    private final Dnn dnn;

    private AttentionDeepFm(DatasetSchema schema, Settings settings) {
        super(
                schema,
                settings.model(),
                settings.feature().fmEmbedDim(),
                settings.fm().useFirstOrder(),
                settings.fm().useSecondOrder() ? EnumSet.of(View.SECOND_ORDER, View.FIELDS) : EnumSet.of(View.FIELDS));
        int dim = settings.feature().fmEmbedDim();
        attention = new FieldAttention(parameters(), dim, settings.attention());
        dnn = new Dnn(parameters(), embedding().embeddedFields() * dim, heads(), settings.dnn());
    }

    @Override
    protected NDArray interactions(FeatureViews views, Pass pass) {
        NDArray refined = attention.forward(views.fields());
        NDArray deep =
                dnn.forward(LayerInput.of(refined.reshape(refined.getShape().get(0), -1)), pass.isTraining());
        return views.secondOrder() == null ? deep : deep.add(views.secondOrder());
    }

    @Override
    public NDList attention(NDArray vectors) {
        return attention.weights(vectors);
    }

    @Override
    protected List<PairTerm> pairTerms() {
        FoldedDnn deep = dnn.folded();
        List<PairTerm> terms =
                new ArrayList<>(SecondOrderPairs.ofHeads(heads(), embedding().secondOrderWeight()));
        terms.add(attention.pairs(embedding().itemsOfFields(), deep::forward, deep.constants()));
        return terms;
    }
}
