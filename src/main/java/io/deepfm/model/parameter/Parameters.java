package io.deepfm.model.parameter;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.deepfm.config.random.Seed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * The weights of one model.
 *
 * <p>Layers declare theirs when they are built. Then all values are set at once, from a fresh initialization or a file,
 * into one array, a {@link Block} of which each {@link Parameter} is a view: an optimizer's step or the gradient's norm is one
 * operation instead of one per weight. Embedding tables of a width are a block of their own in it, so that they are read together and
 * a step may move some rows alone.
 * Batch-norm statistics, which no gradient reaches, are in no block.
 */
public final class Parameters {

    private final List<Parameter> dense = new ArrayList<>();
    private final TreeMap<Long, List<Parameter>> tables = new TreeMap<>();
    private final List<Parameter> buffers = new ArrayList<>();
    private final List<LongConsumer> random = new ArrayList<>();
    private Block block;
    private Block denseBlock;
    private List<Block> tableBlocks;

    /**
     * Declares a weight that training changes by its gradient.
     *
     * @param name its name
     * @param shape its shape
     * @param initializer its initial values
     * @return the weight, without values yet
     */
    public Parameter trained(String name, Shape shape, Initializer initializer) {
        Parameter parameter = new Parameter(name, shape, initializer, null);
        dense.add(parameter);
        return parameter;
    }

    /**
     * Declares a weight of a numeric field's vector or linear term, which begins as embeddings do.
     *
     * @param name its name
     * @param width the vector's length
     * @return the weight, shape (width, 1), without values yet
     */
    public Parameter numeric(String name, int width) {
        return trained(name, new Shape(width, 1), null);
    }

    /**
     * Declares an embedding table, of which training may change those rows alone that a batch reads.
     *
     * @param name its name
     * @param field the field whose ids are its rows
     * @param rows the number of ids; row 0 is zero and stays zero
     * @param width the length of a row
     * @return the table, without values yet
     */
    public Parameter table(String name, String field, long rows, int width) {
        Parameter parameter = new Parameter(name, new Shape(rows, width), null, field);
        tables.computeIfAbsent((long) width, any -> new ArrayList<>()).add(parameter);
        return parameter;
    }

    /**
     * Declares that another field looks up in an embedding table, of which there is one all the same.
     *
     * @param table what {@link #table} gave
     * @param field the other field, with the same ids
     * @return the table
     */
    public Parameter share(Parameter table, String field) {
        table.share(field);
        return table;
    }

    /**
     * Declares a buffer: a tensor without a gradient, such as a running mean.
     *
     * @param name its name
     * @param shape its shape
     * @param initializer its initial values
     * @return the value, not set yet
     */
    public Parameter buffer(String name, Shape shape, Initializer initializer) {
        Parameter parameter = new Parameter(name, shape, initializer, null);
        buffers.add(parameter);
        return parameter;
    }

    /**
     * Declares something that draws at random in training, such as dropout.
     *
     * @param seed starts its sequence anew from a seed of its own
     */
    public void random(LongConsumer seed) {
        random.add(seed);
    }

    /**
     * Starts all random sequences anew.
     *
     * @param seed decides them, for each in the order of their declaration
     */
    public void seed(long seed) {
        for (int i = 0; i < random.size(); i++) {
            random.get(i).accept(Seed.of(seed, i));
        }
    }

    /**
     * The embedding tables.
     *
     * @return what was declared, the narrowest first
     */
    public List<Parameter> tables() {
        return tables.values().stream().flatMap(List::stream).toList();
    }

    /**
     * All weights and buffers.
     *
     * @return what was declared: dense weights, embedding tables, buffers
     */
    public List<Parameter> all() {
        List<Parameter> all = new ArrayList<>(dense);
        all.addAll(tables());
        all.addAll(buffers);
        return all;
    }

    /**
     * The number of weights that training changes.
     *
     * @return single numbers, not arrays
     */
    public long count() {
        return size(dense) + tableCount();
    }

    /**
     * The number of weights in embedding tables.
     *
     * @return single numbers, not arrays
     */
    public long tableCount() {
        return size(tables());
    }

    /**
     * Initial values: for each weight a function of the seed and its name alone.
     *
     * @param seed the run's seed
     * @param embeddings draws those of the fields' vectors and linear terms
     * @return values by name, drawn when they are read
     */
    public Map<String, Tensor> initial(long seed, Initializer embeddings) {
        Map<String, Tensor> values = new LinkedHashMap<>();
        all().forEach(parameter ->
                values.put(parameter.name(), initial(parameter, seed, parameter.initializer(embeddings))));
        return values;
    }

    private static Tensor initial(Parameter parameter, long seed, Initializer initializer) {
        return new Tensor() {
            @Override
            public long[] shape() {
                return parameter.shape().getShape();
            }

            @Override
            public void forEachPiece(Consumer<float[]> consumer) {
                SplittableRandom random =
                        new SplittableRandom(Seed.of(seed, parameter.name().hashCode()));
                DoubleSupplier values = initializer.values(parameter.shape(), random);
                for (long left = size(); left > 0; left -= PIECE) {
                    float[] piece = new float[(int) Math.min(left, PIECE)];
                    for (int i = 0; i < piece.length; i++) {
                        piece[i] = (float) values.getAsDouble();
                    }
                    consumer.accept(piece);
                }
            }
        };
    }

    /**
     * Sets all values.
     *
     * @param manager owns the arrays from now on
     * @param values for each weight as many numbers as its shape says, by name
     */
    public void set(NDManager manager, Map<String, Tensor> values) {
        NDArray all = manager.zeros(new Shape(count()));
        tableBlocks = new ArrayList<>();
        long start = 0;
        // The widest first: where widths are powers of two, no row is in more of the cache's lines than it must be.
        for (Map.Entry<Long, List<Parameter>> ofWidth : tables.descendingMap().entrySet()) {
            NDArray rows = place(all, start, ofWidth.getValue(), ofWidth.getKey());
            tableBlocks.add(Block.ofTables("tables." + ofWidth.getKey(), List.copyOf(ofWidth.getValue()), start, rows));
            start += rows.size();
        }
        denseBlock = Block.ofDense(List.copyOf(dense), start, place(all, start, dense));
        block = Block.ofAll(List.copyOf(tableBlocks), denseBlock, all);
        // Each apart: a layer tracks its own while the way back still needs those of the layers before.
        buffers.forEach(buffer -> buffer.place(0, manager.zeros(buffer.shape())));
        all().forEach(parameter -> values.get(parameter.name()).copyTo(parameter.array()));
    }

    /** Puts weights beside each other into an array of shape (N); they are its part that is returned. */
    private static NDArray place(NDArray all, long start, List<Parameter> parameters) {
        NDArray flat = all.get(new NDIndex("{}:{}", start, start + size(parameters)));
        long offset = 0;
        for (Parameter parameter : parameters) {
            long end = offset + parameter.shape().size();
            NDArray view = flat.get(new NDIndex("{}:{}", offset, end));
            parameter.place(offset, view.reshape(parameter.shape()));
            offset = end;
        }
        return flat;
    }

    /** Puts tables one below the other into an array of shape (N); they are its part that is returned, as (R, width). */
    private static NDArray place(NDArray all, long start, List<Parameter> tables, long width) {
        NDArray rows =
                all.get(new NDIndex("{}:{}", start, start + size(tables))).reshape(-1, width);
        long row = 0;
        for (Parameter table : tables) {
            long end = row + table.shape().get(0);
            table.place(row, rows.get(new NDIndex("{}:{}", row, end)));
            row = end;
        }
        return rows;
    }

    /**
     * All weights: {@link #tableBlocks}, then {@link #denseBlock}.
     *
     * @return shape (N); writing to it changes the weights
     */
    public Block block() {
        return block;
    }

    /**
     * The blocks that {@link #block} consists of.
     *
     * @return {@link #tableBlocks}, then {@link #denseBlock}
     */
    public List<Block> blocks() {
        return Stream.concat(tableBlocks.stream(), Stream.of(denseBlock)).toList();
    }

    /**
     * The weights outside of embedding tables.
     *
     * @return shape (N); writing to it changes the weights
     */
    public Block denseBlock() {
        return denseBlock;
    }

    /**
     * The embedding tables.
     *
     * @return the widest first; writing to them changes the weights
     */
    public List<Block> tableBlocks() {
        return tableBlocks;
    }

    /**
     * All weights and buffers as they are when they are read.
     *
     * @return by name
     */
    public Map<String, Tensor> values() {
        Map<String, Tensor> values = new LinkedHashMap<>();
        all().forEach(parameter -> values.put(parameter.name(), Tensor.of(parameter.array())));
        return values;
    }

    private static long size(List<Parameter> parameters) {
        return parameters.stream()
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
    }
}
