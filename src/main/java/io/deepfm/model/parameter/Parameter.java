package io.deepfm.model.parameter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A weight: a name, a shape and, once values are set, an array. */
public final class Parameter {
    private final String name;
    private final Shape shape;
    private final Initializer initializer;
    private final List<String> fields = new ArrayList<>(1);
    private Block block;
    private long start;
    private NDArray array;
    private NDArray followed;

    /** Without an initializer it begins as all embeddings do. */
    Parameter(String name, Shape shape, Initializer initializer, String field) {
        this.name = name;
        this.shape = shape;
        this.initializer = initializer;
        if (field != null) {
            fields.add(field);
        }
    }

    /**
     * The name, as in {@code model.safetensors}.
     *
     * @return such as {@code dnn.0.linear.weight}
     */
    public String name() {
        return name;
    }

    /**
     * The shape, as PyTorch has it.
     *
     * @return its dimensions
     */
    public Shape shape() {
        return shape;
    }

    /**
     * The field whose embedding table this is.
     *
     * @return its name; empty for other weights
     */
    public Optional<String> field() {
        return fields.stream().findFirst();
    }

    /**
     * The fields that look up in this embedding table.
     *
     * @return {@link #field}, and those that share its table; empty for other weights
     */
    public List<String> fields() {
        return List.copyOf(fields);
    }

    /** Lets another field look up in this table. */
    void share(String other) {
        fields.add(other);
    }

    /**
     * The embedding tables that are read together with this one.
     *
     * @return what it is a part of; null where it is no embedding table
     */
    public Block block() {
        return block;
    }

    /** Makes it one of some tables. */
    void enter(Block of) {
        block = of;
    }

    /**
     * Where an embedding table begins in its {@link #block}.
     *
     * @return the number of rows before it
     */
    public long start() {
        return start;
    }

    /**
     * The values.
     *
     * @return a view of those of its {@link Block}, through which the gradient comes in a pass that goes back
     * @throws IllegalStateException if it is an embedding table in such a pass, and all its rows are followed: its gradient comes
     *     through {@link Block#array}
     */
    public NDArray array() {
        if (block != null && block.isFollowed()) {
            throw new IllegalStateException(
                    name + ": in a pass that goes back, a table is read by its block's array().");
        }
        return followed == null ? array : followed;
    }

    /** What draws its initial values. */
    Initializer initializer(Initializer embeddings) {
        if (initializer != null) {
            return initializer;
        }
        return fields.isEmpty() ? embeddings : embeddings.withoutOov();
    }

    /** Gives the weight its place among others. */
    void place(long first, NDArray view) {
        start = first;
        array = view;
    }

    /** Until {@link #unfollow}, the values are those of an array whose gradient the engine follows. */
    void follow(NDArray part) {
        followed = part.getShape().equals(shape) ? part : part.reshape(shape);
    }

    /** The values are the weight's own again. */
    void unfollow() {
        followed = null;
    }
}
