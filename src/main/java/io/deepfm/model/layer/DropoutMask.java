package io.deepfm.model.layer;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/**
 * The memory of one mask after another. A mask costs what its dropped units cost: those of the last one are kept again, and no
 * other is written.
 */
final class DropoutMask {

    /**
     * Which mask.
     *
     * @param key decides the dropped units, with their number
     * @param size the number of units
     * @param kept what stands for a kept unit
     * @param dropped what stands for a dropped one
     */
    record Draw(long key, int size, float kept, float dropped) {}

    private final int[] gaps;
    private Draw drawn = new Draw(0, 0, 0, 0);
    private ByteBuffer memory;
    private IntBuffer mask;
    private int[] droppedUnits;
    private int numDropped;

    /**
     * @param gaps as many equally likely ways from one dropped unit to the next as 16 bits tell apart
     */
    DropoutMask(int[] gaps) {
        this.gaps = gaps;
    }

    /** Draws a mask, if it is not the one that is there. */
    void draw(Draw wanted) {
        if (wanted.equals(drawn)) {
            return;
        }
        clear(wanted.size(), wanted.kept());
        numDropped = drop((int) wanted.key(), (int) (wanted.key() >>> 32), Float.floatToRawIntBits(wanted.dropped()));
        drawn = wanted;
    }

    /**
     * The mask, in this memory.
     *
     * @param manager owns the array
     * @param shape the units
     * @return float32
     */
    NDArray array(NDManager manager, Shape shape) {
        return manager.create(memory.rewind(), shape, DataType.FLOAT32);
    }

    private void clear(int size, float kept) {
        int keptBits = Float.floatToRawIntBits(kept);
        if (drawn.size() != size || drawn.kept() != kept) {
            memory = ByteBuffer.allocateDirect(size * Float.BYTES).order(ByteOrder.nativeOrder());
            mask = memory.asIntBuffer();
            droppedUnits = new int[size];
            for (int unit = 0; keptBits != 0 && unit < size; unit++) {
                mask.put(unit, keptBits);
            }
        } else {
            for (int i = 0; i < numDropped; i++) {
                mask.put(droppedUnits[i], keptBits);
            }
        }
    }

    /** Two gaps share a 32-bit hash of a counter. */
    private int drop(int key, int key2, int dropped) {
        int size = mask.capacity();
        int count = 0;
        int counter = 0;
        // The sum may pass the largest integer, and is negative then.
        for (int unit = -1; ; ) {
            int hash = counter++ * 0x9E3779B9 + key;
            hash = (hash ^ (hash >>> 16)) * 0x85EBCA6B;
            hash = ((hash ^ (hash >>> 13)) + key2) * 0xC2B2AE35;
            hash ^= hash >>> 16;
            unit += gaps[hash & 0xFFFF];
            if (unit >= size || unit < 0) {
                return count;
            }
            mask.put(unit, dropped);
            droppedUnits[count++] = unit;
            unit += gaps[hash >>> 16];
            if (unit >= size || unit < 0) {
                return count;
            }
            mask.put(unit, dropped);
            droppedUnits[count++] = unit;
        }
    }
}
