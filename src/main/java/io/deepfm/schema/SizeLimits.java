package io.deepfm.schema;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How much the trainer, which is one process, can hold.
 *
 * @param memory the machine's, in bytes
 */
public record SizeLimits(long memory) {

    /** A weight while it is trained: itself and the two running means of Adam, as floats. */
    private static final int BYTES_PER_WEIGHT = 3 * Float.BYTES;

    /** Ids (or dense values) of all rows of users or of items, as they go to the device in one buffer. */
    public static final long TABLE_VALUES = Integer.MAX_VALUE / Integer.BYTES;

    /**
     * The limits of this machine, or of the container that the program runs in.
     *
     * @return by its memory
     */
    public static SizeLimits ofThisMachine() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new SizeLimits(system.getTotalMemorySize());
    }

    /**
     * The most weights of a model.
     *
     * @return as many as fit into the memory with what an optimizer gathers for them
     */
    public long weights() {
        return memory / BYTES_PER_WEIGHT;
    }

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
