package io.deepfm.model.parameter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Weights side by side in one array, which an optimizer moves together.
 *
 * <p>In a pass that goes back the array is one leaf, of which the weights are parts: the engine then gathers one gradient,
 * not one for each weight.
 */
public final class Block {

    private final String name;
    private final List<Block> tables;
    private final List<Parameter> dense;
    private final List<Parameter> parameters;
    private final long start;
    private final NDArray values;
    private NDArray leaf;
    private NDArray followed;

    private Block(
            String name,
            List<Block> tables,
            List<Parameter> dense,
            List<Parameter> parameters,
            long start,
            NDArray values) {
        this.name = name;
        this.tables = tables;
        this.dense = dense;
        this.parameters = parameters;
        this.start = start;
        this.values = values;
    }

    /**
     * Embedding tables of one width, which are read together.
     *
     * @param name such as {@code tables.16}
     * @param tables one below the other
     * @param start how many of a model's weights stand before them
     * @param values shape (R, width)
     */
    static Block ofTables(String name, List<Parameter> tables, long start, NDArray values) {
        Block block = new Block(name, List.of(), List.of(), tables, start, values);
        tables.forEach(table -> table.enter(block));
        return block;
    }

    /**
     * Weights that are read one by one.
     *
     * @param weights the weights, in order
     * @param start how many of a model's weights stand before them
     * @param values shape (N)
     */
    static Block ofDense(List<Parameter> weights, long start, NDArray values) {
        return new Block("dense", List.of(), weights, weights, start, values);
    }

    /**
     * All weights of a model.
     *
     * @param tables its embedding tables
     * @param dense its other weights, which stand after them
     * @param values shape (N)
     */
    static Block ofAll(List<Block> tables, Block dense, NDArray values) {
        List<Parameter> all = new ArrayList<>();
        tables.forEach(block -> all.addAll(block.parameters));
        all.addAll(dense.parameters);
        return new Block("all", tables, dense.parameters, all, 0, values);
    }

    /**
     * What tells it from the model's other blocks.
     *
     * @return such as {@code dense} or {@code tables.16}
     */
    public String name() {
        return name;
    }

    /**
     * The weights.
     *
     * @return in the order of their values
     */
    public List<Parameter> parameters() {
        return parameters;
    }

    /**
     * The values of all weights.
     *
     * @return shape (N); of embedding tables of one width, (R, width)
     */
    public NDArray values() {
        return values;
    }

    /**
     * Embedding tables of one width, through which the gradient comes in a pass that goes back; such a pass reads tables here only.
     *
     * @return shape (R, width)
     */
    public NDArray array() {
        return followed == null ? values : followed;
    }

    /**
     * Its part of an array that has one number for each weight of a model.
     *
     * @param all shape (N)
     * @return a view of the shape of {@link #values}
     */
    public NDArray of(NDArray all) {
        return all.get(new NDIndex("{}:{}", start, start + values.size())).reshape(values.getShape());
    }

    /** Whether a pass goes on that goes back, and to these tables. */
    boolean isFollowed() {
        return followed != null;
    }

    /**
     * Makes the engine find gradients for all weights of the block in the pass that follows; it must be collecting gradients
     * already. {@link #takeGradients} ends this.
     *
     * @throws IllegalStateException of embedding tables alone: they are followed as a part of all weights, or row by row
     */
    public void requireGradients() {
        if (dense.isEmpty()) {
            throw new IllegalStateException(name + ": tables alone are not followed.");
        }
        // A leaf that has no gradient yet takes the one it is given; it would add to an older one.
        leaf = values.stopGradient();
        leaf.setRequiresGradient(true);
        Iterator<NDArray> parts = leaf.split(cuts(), 0).iterator();
        tables.forEach(block -> block.followed = parts.next().reshape(block.values.getShape()));
        dense.forEach(weight -> weight.follow(parts.next()));
    }

    /** Where the parts end that are read, but for the last. */
    private long[] cuts() {
        long[] cuts = LongStream.concat(
                        tables.stream().mapToLong(block -> block.values.size()),
                        dense.stream().mapToLong(weight -> weight.shape().size()))
                .limit(tables.size() + dense.size() - 1L)
                .toArray();
        for (int i = 1; i < cuts.length; i++) {
            cuts[i] += cuts[i - 1];
        }
        return cuts;
    }

    /**
     * Takes the gradients of all weights of the block.
     *
     * @return a new array of the shape of {@link #values}
     */
    public NDArray takeGradients() {
        dense.forEach(Parameter::unfollow);
        tables.forEach(block -> block.followed = null);
        try (NDArray taken = leaf) {
            return taken.getGradient();
        }
    }
}
