package io.deepfm.inference;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.deepfm.inference.ScoringBatch.Given;
import io.deepfm.inference.ScoringBatch.Known;
import io.deepfm.model.CtrModel;
import io.deepfm.model.embedding.Side;
import io.deepfm.model.io.SavedModel;
import io.deepfm.model.pair.PairScores;
import io.deepfm.model.pair.Pairs;
import io.deepfm.model.pair.Pairs.Run;
import io.deepfm.schema.FieldGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Turns rows into logits: the one way in which validation, {@code score}, {@code predict} and {@code recommend} use a
 * model.
 *
 * <p>What is a function of an item alone is computed once for a table of items that is known beforehand, when the scorer is
 * made; what is a function of a list's user and context, once per list. A forward pass does the rest for as many candidates
 * as fit, whole lists or parts of them.
 *
 * <p>The engine may round a row differently in an array of another length, or at its end, but not beside other rows. So all
 * passes have one length, a multiple of {@value #ALIGNED}, the last filled up with zeros, and a list's logits depend on the
 * list alone. (MKL on AMD's processors rounds neighbours differently in layers of 2 to 11 units that read no multiple of four
 * numbers. Where a deep network's first layer is computed apart for both sides it is filled up for that; other layers and
 * projections are not.) Weights must not change as long as the
 * scorer is used. Threads may share a scorer.
 */
public final class Scorer implements AutoCloseable {

    /** So many candidates at once are worth what a call takes: that of all lists is computed together. */
    public static final int MANY = 1 << 16;

    /** Items of a table at a time, so that what stands between stays within memory. */
    private static final int CHUNK = 8192;

    /** Rows that a kernel takes together: in an array of a multiple of them there is no remainder with a kernel of its own. */
    private static final int ALIGNED = 64;

    /** Lists at a time where many candidates share each. */
    private static final int LISTS = 128;

    private final NDManager manager;
    private final CtrModel model;
    private final PairScores scores;
    private final int passSize;
    private final int listChunk;
    private final FeatureTable users;
    private final NDList items;

    /**
     * A scorer of a model that belongs to somebody else.
     *
     * @param parent the manager of the device; the scorer's own arrays live until it is closed
     * @param model a model with its weights set
     * @param tables the encoded features of users or items that batches name by index; may be empty
     * @param batchSize the candidates of a forward pass, at least 1, rounded up to a multiple of 64
     */
    public Scorer(NDManager parent, CtrModel model, Map<FieldGroup, FeatureTable> tables, int batchSize) {
        this(model, parent.newSubManager(), tables, batchSize);
    }

    private Scorer(CtrModel model, NDManager manager, Map<FieldGroup, FeatureTable> tables, int batchSize) {
        this.manager = manager;
        this.model = model;
        this.scores = model.pairScores(manager);
        this.users = tables.get(FieldGroup.USER);
        this.passSize = (batchSize + ALIGNED - 1) / ALIGNED * ALIGNED;
        boolean known = tables.containsKey(FieldGroup.ITEM) && hasFields(Side.ITEM);
        this.items = known ? table(tables.get(FieldGroup.ITEM)) : null;
        this.listChunk = known ? LISTS : passSize;
    }

    /**
     * A scorer with a model of its own, on the CPU; closing it frees both.
     *
     * @param model architecture and weights
     * @param tables the encoded features of users or items that batches name by index; may be empty
     * @param batchSize the candidates of a forward pass, at least 1, rounded up to a multiple of 64
     * @return the scorer
     * @throws io.deepfm.storage.DataException if the model's parts do not fit each other
     */
    public static Scorer load(SavedModel model, Map<FieldGroup, FeatureTable> tables, int batchSize) {
        NDManager manager = Engine.getInstance().newBaseManager(Device.cpu());
        try {
            return new Scorer(model.load(manager), manager, tables, batchSize);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    /**
     * Scores many lists.
     *
     * @param batch best of {@link #MANY} candidates; memory grows with its lists
     * @return the candidates' logits, in order
     */
    public Logits logits(ScoringBatch batch) {
        int heads = model.heads();
        float[] logits = new float[heads * batch.candidates()];
        try (NDManager scratch = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDList lists = lists(scratch, batch);
            for (int start = 0; start < batch.candidates(); start += passSize) {
                int end = Math.min(batch.candidates(), start + passSize);
                float[] pass = pass(batch, lists, start, end);
                System.arraycopy(pass, 0, logits, heads * start, heads * (end - start));
            }
        }
        return Logits.of(logits, heads, model.likeWeight());
    }

    /**
     * The model.
     *
     * @return with its weights, which must not change
     */
    public CtrModel model() {
        return model;
    }

    /** What the terms need of all lists of a batch. */
    private NDList lists(NDManager scratch, ScoringBatch batch) {
        List<NDList> chunks = new ArrayList<>();
        for (int start = 0; hasFields(Side.LIST) && start < batch.lists(); start += listChunk) {
            int end = Math.min(batch.lists(), start + listChunk);
            NDList embedded = new NDList();
            for (FieldGroup group : model.embedding().groups(Side.LIST)) {
                FeatureTable rows = features(group, batch, users, start, end);
                embedded.add(
                        model.embedding().embed(group, rows.padded(listChunk).toDevice(scratch, null)));
            }
            chunks.add(scores.side(model.embedding().side(Side.LIST, embedded)));
        }
        return concat(chunks);
    }

    /** One forward pass, of which the first {@code end - start} rows of logits count. */
    private float[] pass(ScoringBatch batch, NDList lists, int start, int end) {
        try (NDManager scratch = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            List<Run> runs = batch.runs(start, end);
            int[] listOf = new int[passSize];
            runs.forEach(run -> Arrays.fill(listOf, run.start(), run.end(), run.list()));
            NDArray itemOf = null;
            NDList ofItems = items;
            if (!hasFields(Side.ITEM)) {
                ofItems = new NDList();
            } else if (batch.items() instanceof Known known && items != null) {
                itemOf = scratch.create(Arrays.copyOf(Arrays.copyOfRange(known.indices(), start, end), passSize));
            } else {
                FeatureTable given =
                        features(FieldGroup.ITEM, batch, null, start, end).padded(passSize);
                ofItems = side(scratch, given);
            }
            Pairs pairs = new Pairs(scratch.create(listOf), itemOf, runs);
            return scores.logits(lists, ofItems, pairs).toFloatArray();
        }
    }

    /** Some of the rows of a group. */
    private static FeatureTable features(FieldGroup group, ScoringBatch batch, FeatureTable table, int start, int end) {
        ScoringBatch.Features features = batch.features(group);
        if (features instanceof Given given) {
            return given.table().slice(start, end);
        }
        if (table == null) {
            throw new IllegalStateException("The scorer has no table of group " + group + ".");
        }
        return table.rows(Arrays.copyOfRange(((Known) features).indices(), start, end));
    }

    private boolean hasFields(Side side) {
        return !model.embedding().groups(side).isEmpty();
    }

    /** What the terms need of items. */
    private NDList side(NDManager scratch, FeatureTable table) {
        NDArray embedded = model.embedding().embed(FieldGroup.ITEM, table.toDevice(scratch, null));
        return scores.side(model.embedding().side(Side.ITEM, new NDList(embedded)));
    }

    private NDList table(FeatureTable table) {
        List<NDList> chunks = new ArrayList<>();
        for (int start = 0; start < table.rows(); start += CHUNK) {
            try (NDManager scratch = manager.newSubManager();
                    NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDList chunk = side(scratch, table.slice(start, Math.min(table.rows(), start + CHUNK)));
                NDScope.unregister(chunk);
                chunk.attach(manager);
                chunks.add(chunk);
            }
        }
        NDList all = concat(chunks);
        all.attach(manager);
        if (chunks.size() > 1) {
            chunks.forEach(NDList::close);
        }
        return all;
    }

    /** Arrays below each other, first with first and so on. */
    private static NDList concat(List<NDList> chunks) {
        if (chunks.size() == 1) {
            return chunks.get(0);
        }
        NDList all = new NDList();
        for (int i = 0; !chunks.isEmpty() && i < chunks.get(0).size(); i++) {
            int column = i;
            all.add(NDArrays.concat(
                    new NDList(chunks.stream().map(chunk -> chunk.get(column)).toArray(NDArray[]::new))));
        }
        return all;
    }

    @Override
    public void close() {
        manager.close();
    }
}
