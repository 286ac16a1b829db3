package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** The memory of one mask after another: the numbers of the dropped units, which cost a mask what its dropped units are. */
final class DroppedUnits {

    private final int[] gaps;
    private long key;
    private int size;
    private int count;
    private LongBuffer units;
    private ByteBuffer memory;

    /**
     * @param gaps as many equally likely ways from one dropped unit to the next as 16 bits tell apart
     */
    DroppedUnits(int[] gaps) {
        this.gaps = gaps;
        reserve(1024);
    }

    private void reserve(int capacity) {
        memory = ByteBuffer.allocateDirect(capacity * Long.BYTES).order(ByteOrder.nativeOrder());
        units = memory.asLongBuffer();
    }

    /**
     * Draws a mask, if it is not the one that is there.
     *
     * @param wantedKey decides the dropped units, with their number
     * @param wantedSize the number of units
     */
    void draw(long wantedKey, int wantedSize) {
        if (wantedKey != key || wantedSize != size) {
            key = wantedKey;
            size = wantedSize;
            count = draw();
        }
    }

    /**
     * The units that are dropped.
     *
     * @param manager owns the array, which is in this memory
     * @return int64, in ascending order
     */
    NDArray array(NDManager manager) {
        return manager.create(memory.rewind().limit(count * Long.BYTES), new Shape(count), DataType.INT64);
    }

    /** Two gaps share a 32-bit hash of a counter. */
    private int draw() {
        int first = (int) key;
        int second = (int) (key >>> 32);
        int drawn = 0;
        int counter = 0;
        // The sum may pass the largest integer, and is negative then.
        for (int unit = -1; ; ) {
            if (drawn + 2 > units.capacity()) {
                grow();
            }
            int hash = counter++ * 0x9E3779B9 + first;
            hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
            hash = ((hash ^ (hash >>> 13)) + second) * 0xC2B2AE35;
            hash ^= hash >>> 16;
            unit += gaps[hash & 0xFFFF];
            if (unit >= size || unit < 0) {
                return drawn;
            }
            units.put(drawn++, unit);
            unit += gaps[hash >>> 16];
            if (unit >= size || unit < 0) {
                return drawn;
            }
            units.put(drawn++, unit);
        }
    }

    private void grow() {
        LongBuffer before = units;
        reserve(2 * before.capacity());
        units.put(0, before, 0, before.capacity());
    }
}
