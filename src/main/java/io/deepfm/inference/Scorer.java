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
import io.deepfm.model.io.SavedModel;
import io.deepfm.model.layer.FeatureEmbedding;
import io.deepfm.model.layer.Pass;
import io.deepfm.schema.FieldGroup;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * Turns rows into logits: the one way in which validation, {@code score}, {@code predict} and {@code recommend} use a
 * model.
 *
 * <p>Tables of users and items that are known beforehand are embedded once, when the scorer is made; a batch gathers from
 * them, or brings features along.
 *
 * <p>A list of several candidates is scored by itself, so that its logits do not depend on what else is in the batch;
 * where all lists have one candidate, they share forward passes. Threads may share a scorer.
 */
public final class Scorer implements AutoCloseable {

    /** Rows embedded at a time, so that embedding a large catalogue stays within memory. */
    private static final int CHUNK = 65_536;

    private final NDManager manager;
    private final CtrModel model;
    private final Map<FieldGroup, NDArray> embedded = new EnumMap<>(FieldGroup.class);
    private final int batchSize;

    /**
     * A scorer of a model that belongs to somebody else.
     *
     * @param parent the manager of the device; the scorer's own arrays live until it is closed
     * @param model a model with its weights set
     * @param tables the encoded features of users or items that batches name by index; may be empty
     * @param batchSize the most candidates per forward pass, at least 1
     */
    public Scorer(NDManager parent, CtrModel model, Map<FieldGroup, FeatureTable> tables, int batchSize) {
        this(model, parent.newSubManager(), tables, batchSize);
    }

    private Scorer(CtrModel model, NDManager manager, Map<FieldGroup, FeatureTable> tables, int batchSize) {
        this.manager = manager;
        this.model = model;
        this.batchSize = batchSize;
        for (FieldGroup group : model.embedding().groups()) {
            if (tables.containsKey(group)) {
                embedded.put(group, embed(group, tables.get(group)));
            }
        }
    }

    /**
     * A scorer with a model of its own, on the CPU; closing it frees both.
     *
     * @param model architecture and weights
     * @param tables the encoded features of users or items that batches name by index; may be empty
     * @param batchSize the most candidates per forward pass, at least 1
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
     * @param batch of any size
     * @return one logit per candidate, in order
     */
    public float[] logits(ScoringBatch batch) {
        float[] logits = new float[batch.candidates()];
        boolean rows = batch.lists() == batch.candidates();
        int list = 0;
        for (int start = 0; start < logits.length; ) {
            int end = Math.min(rows ? logits.length : batch.offsets()[list + 1], start + batchSize);
            int lastList = rows ? end : list + 1;
            float[] chunk = forward(batch, rows ? start : list, lastList, start, end);
            System.arraycopy(chunk, 0, logits, start, chunk.length);
            start = end;
            list = rows || end == batch.offsets()[list + 1] ? lastList : list;
        }
        return logits;
    }

    /** One forward pass: either one list's candidates or as many lists as candidates. */
    private float[] forward(ScoringBatch batch, int firstList, int lastList, int start, int end) {
        try (NDManager scratch = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDList parts = new NDList();
            for (FieldGroup group : model.embedding().groups()) {
                ScoringBatch.Features features = batch.features(group);
                NDArray part = group == FieldGroup.ITEM
                        ? part(scratch, group, features, start, end)
                        : part(scratch, group, features, firstList, lastList);
                boolean repeated = group != FieldGroup.ITEM && lastList - firstList < end - start;
                parts.add(repeated ? part.broadcast(end - start, part.getShape().get(1)) : part);
            }
            return model.forward(model.embedding().views(parts), Pass.inference())
                    .toFloatArray();
        }
    }

    /** Some of a group's features, embedded: shape (end - start, C). */
    private NDArray part(NDManager scratch, FieldGroup group, ScoringBatch.Features features, int start, int end) {
        if (features instanceof Known known) {
            if (!embedded.containsKey(group)) {
                throw new IllegalStateException("The scorer has no table of group " + group + ".");
            }
            int[] indices = Arrays.copyOfRange(known.indices(), start, end);
            return FeatureEmbedding.gather(embedded.get(group), scratch.create(indices));
        }
        FeatureTable given = ((Given) features).table().slice(start, end);
        return model.embedding().embed(group, given.toDevice(scratch, null));
    }

    private NDArray embed(FieldGroup group, FeatureTable table) {
        NDArray all;
        try (NDManager scratch = manager.newSubManager();
                NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            NDList chunks = new NDList();
            for (int start = 0; start < table.rows(); start += CHUNK) {
                FeatureTable chunk = table.slice(start, Math.min(table.rows(), start + CHUNK));
                chunks.add(model.embedding().embed(group, chunk.toDevice(scratch, null)));
            }
            all = chunks.size() == 1 ? chunks.get(0) : NDArrays.concat(chunks);
            NDScope.unregister(all);
            all.attach(manager);
        }
        return all;
    }

    @Override
    public void close() {
        manager.close();
    }
}
