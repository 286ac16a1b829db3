package io.deepfm.model;

import ai.djl.ndarray.NDArray;
import io.deepfm.config.ModelConfig;
import io.deepfm.model.layer.CompressedInteractionNetwork;
import io.deepfm.model.layer.Dnn;
import io.deepfm.model.layer.FeatureViews;
import io.deepfm.model.layer.FeatureViews.View;
import io.deepfm.model.layer.Pass;
import io.deepfm.schema.DatasetSchema;
import java.util.EnumSet;

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

    private final CompressedInteractionNetwork cin;
    private final Dnn dnn;

    /**
     * @param schema the fields
     * @param config the sections {@code feature}, {@code fm.use_first_order}, {@code cin} and {@code dnn}
     */
    public XDeepFm(DatasetSchema schema, ModelConfig config) {
        super(schema, config, EnumSet.of(View.FIELDS, View.FLAT));
        cin = new CompressedInteractionNetwork(parameters(), embedding().embeddedFields(), config.cin());
        dnn = new Dnn(parameters(), schema.totalEmbeddingDim(), config.dnn());
    }

    @Override
    protected NDArray interactions(FeatureViews views, Pass pass) {
        return cin.forward(views.fields(), pass).add(dnn.forward(views.flat(), pass.isTraining()));
    }

    @Override
    protected Dnn dnn() {
        return dnn;
    }
}
