package io.deepfm.model.parameter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
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
    private final List<Parameter> dense;
    private final List<Block> tables;
    private final List<Parameter> parameters;
    private final long start;
    private final NDArray values;
    private final long[] cuts;
    private NDArray leaf;
    private NDArray followed;

    private Block(
            String name,
            List<Parameter> dense,
            List<Block> tables,
            List<Parameter> parameters,
            long start,
            NDArray values) {
        this.name = name;
        this.dense = dense;
        this.tables = tables;
        this.parameters = parameters;
        this.start = start;
        this.values = values;
        long[] sizes = LongStream.concat(
                        dense.stream().mapToLong(weight -> weight.shape().size()),
                        tables.stream().mapToLong(block -> block.values.size()))
                .toArray();
        this.cuts = new long[Math.max(0, sizes.length - 1)];
        long end = 0;
        for (int i = 0; i < cuts.length; i++) {
            end += sizes[i];
            cuts[i] = end;
        }
    }

    /**
     * Weights that are read one by one, and after them blocks of embedding tables.
     *
     * @param name such as {@code dense}
     * @param dense the weights, in order
     * @param tables the blocks, in order
     * @param values shape (N)
     */
    static Block of(String name, List<Parameter> dense, List<Block> tables, NDArray values) {
        List<Parameter> all = new ArrayList<>(dense);
        tables.forEach(block -> all.addAll(block.parameters));
        return new Block(name, dense, tables, all, 0, values);
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
     * The values, through which the gradient comes in a pass that goes back.
     *
     * @return of embedding tables, which such a pass reads here only, shape (R, width)
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

    private void follow(NDArray part) {
        followed = part.reshape(values.getShape());
    }

    private void unfollow() {
        followed = null;
    }

    /**
     * Makes the engine find gradients for all weights of the block in the pass that follows; it must be collecting gradients
     * already. {@link #takeGradients} ends this.
     */
    public void requireGradients() {
        // A leaf that has no gradient yet takes the one it is given; it would add to an older one.
        leaf = values.stopGradient();
        leaf.setRequiresGradient(true);
        NDList parts = leaf.split(cuts, 0);
        for (int i = 0; i < parts.size(); i++) {
            if (i < dense.size()) {
                dense.get(i).follow(parts.get(i));
            } else {
                tables.get(i - dense.size()).follow(parts.get(i));
            }
        }
    }

    /**
     * Takes the gradients of all weights of the block.
     *
     * @return a new array of the shape of {@link #values}
     */
    public NDArray takeGradients() {
        dense.forEach(Parameter::unfollow);
        tables.forEach(Block::unfollow);
        try (NDArray taken = leaf) {
            return taken.getGradient();
        }
    }
}
