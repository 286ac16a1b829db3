package io.deepfm.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Memory outside of Java's heap. */
public final class JavaMemory {

    private JavaMemory() {}

    /**
     * The engine keeps a pointer to what the backward pass needs of the forward pass. Where that is a number that came
     * from Java as an array of its own, nothing keeps its memory from being used for something else in between.
     */
    public static void overwriteWhatIsFree() {
        System.gc();
        List<ByteBuffer> others = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            ByteBuffer other = ByteBuffer.allocateDirect(1 + i % 256);
            while (other.hasRemaining()) {
                other.put((byte) 0x7F);
            }
            others.add(other);
        }
        assertThat(others).hasSize(20_000);
    }
}
