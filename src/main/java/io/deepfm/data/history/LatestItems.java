package io.deepfm.data.history;

import java.io.Serializable;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.catalyst.encoders.AgnosticEncoders;
import org.apache.spark.sql.catalyst.encoders.ExpressionEncoder;
import org.apache.spark.sql.expressions.Aggregator;

/**
 * The last of some ids, the latest first: an aggregate for windows that grow row by row, whose memory does not grow with them.
 * Null counts for nothing.
 */
final class LatestItems extends Aggregator<Integer, LatestItems.Ring, int[]> {

    private static final long serialVersionUID = 1L;

    private final int last;

    /**
     * @param last the most ids
     */
    LatestItems(int last) {
        this.last = last;
    }

    /** The ids, in the order of their arrival; the next one takes the place of the oldest. Public, as Spark wants it. */
    public static final class Ring implements Serializable {
        private static final long serialVersionUID = 1L;
        private final int[] ids;
        private int next;
        private int size;

        private Ring(int last) {
            ids = new int[last];
        }
    }

    @Override
    public Ring zero() {
        return new Ring(last);
    }

    @Override
    public Ring reduce(Ring ring, Integer id) {
        if (id != null) {
            ring.ids[ring.next] = id;
            ring.next = (ring.next + 1) % last;
            ring.size = Math.min(last, ring.size + 1);
        }
        return ring;
    }

    @Override
    public Ring merge(Ring ring, Ring other) {
        throw new UnsupportedOperationException("The rows of a window come in one order.");
    }

    @Override
    public int[] finish(Ring ring) {
        int[] latest = new int[ring.size];
        for (int i = 0; i < latest.length; i++) {
            latest[i] = ring.ids[Math.floorMod(ring.next - 1 - i, last)];
        }
        return latest;
    }

    @Override
    public Encoder<Ring> bufferEncoder() {
        return Encoders.javaSerialization(Ring.class);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Encoder<int[]> outputEncoder() {
        Encoder<?> ints = ExpressionEncoder.apply(
                new AgnosticEncoders.ArrayEncoder<>(AgnosticEncoders.PrimitiveIntEncoder$.MODULE$, false));
        return (Encoder<int[]>) ints;
    }
}
