package io.deepfm.schema;

/** How much the trainer, which is one process, can hold. Here alone, to be raised when what bounds it is. */
public final class SizeLimits {

    /** Java's arrays and buffers have at most so many bytes. */
    private static final int BUFFER_BYTES = Integer.MAX_VALUE;
    /** A weight in a checkpoint: itself and the two running means of Adam, as floats. */
    private static final int BYTES_PER_WEIGHT = 3 * Float.BYTES;
    /** For a checkpoint's header and for what is in it without gradients. */
    private static final int CHECKPOINT_ROOM = 1 << 24;

    /** All weights of a model, as a checkpoint is one array of bytes. */
    public static final long WEIGHTS = (BUFFER_BYTES - CHECKPOINT_ROOM) / BYTES_PER_WEIGHT;

    /** Ids (or dense values) of all rows of users or of items, as they go to the device in one buffer. */
    public static final long TABLE_VALUES = BUFFER_BYTES / Integer.BYTES;

    private SizeLimits() {}

    /**
     * The weights of a field's embedding table, with those of the linear part.
     *
     * @param vocabularySize the number of ids; 0 for a dense field
     * @param embeddingDim width of the learned vector
     * @return their number
     */
    public static long weights(long vocabularySize, int embeddingDim) {
        return Math.max(2, vocabularySize) * (embeddingDim + 1L);
    }

    /**
     * What one row of a group's table takes.
     *
     * @param schema the fields
     * @param group user or item
     * @return the number of its ids or of its dense values, whichever is more; at least 1, its number
     */
    public static long valuesPerRow(DatasetSchema schema, FieldGroup group) {
        long ids = 0;
        long values = 0;
        for (FieldSchema field : schema.fields(group)) {
            boolean dense = field.type() == FeatureType.DENSE;
            ids += dense ? 0 : field.maxLength();
            values += dense ? 1 : 0;
        }
        return Math.max(1, Math.max(ids, values));
    }
}
