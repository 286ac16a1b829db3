package io.deepfm.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.model.parameter.Tensor;
import io.deepfm.storage.DataException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

    private static final byte[] GOOD = TensorFile.bytes(tensors());

    @Example
    void tensorsComeBackInOrder() {
        Map<String, Tensor> read = TensorFile.read(GOOD, "file");
        assertThat(read.keySet()).containsExactly("weight", "bias", "none");
        assertThat(read.get("weight").shape()).containsExactly(2, 3);
        assertThat(read.get("weight").values()).containsExactly(1, -2, 0.5f, Float.MAX_VALUE, 1e-40f, -0f);
        assertThat(read.get("none").values()).isEmpty();
    }

    @Example
    void metadataIsAllowed() {
        byte[] file = file("{\"__metadata__\": {\"format\": \"pt\"}, \"x\": " + entry("F32", "[1]", "[0, 4]") + "}", 4);
        assertThat(TensorFile.read(file, "file").keySet()).containsExactly("x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "F64 | [1]      | [0, 8]  | 8  | x has type F64",
                "F16 | [2]      | [0, 4]  | 4  | x has type F16",
                "F32 | [2]      | [0, 4]  | 4  | x of shape [2]",
                "F32 | [-1]     | [0, 4]  | 4  | shape [-1]",
                "F32 | [65536, 65536, 65536, 65536] | [0, 4] | 4 | x has the shape",
                "F32 | [1]      | [4, 0]  | 4  | bytes 4 to 0",
                "F32 | [1]      | [0, 8]  | 4  | bytes 0 to 8 of 4",
                "F32 | [1]      | [-4, 0] | 4  | bytes -4 to 0",
                "F32 | [1]      | [4, 8]  | 8  | x begins at byte 4",
                "F32 | [1]      | [0, 4]  | 8  | end at byte 4 of 8",
                "F32 | [1]      | [0]     | 4  | x has no shape or no offsets",
                "F32 | [null]   | [0, 4]  | 4  | x has no shape or no offsets",
                "F32 | 1        | [0, 4]  | 4  | header",
            })
    void aTensorThatDoesNotFitIsRefusedByItsName(String type, String shape, String place, int bytes, String message) {
        refused(file("{\"x\": " + entry(type, shape, place) + "}", bytes), message);
    }

    @Example
    void tensorsThatOverlapOrRepeatAreRefused() {
        String x = entry("F32", "[2]", "[0, 8]");
        refused(file("{\"x\": " + x + ", \"y\": " + entry("F32", "[1]", "[4, 8]") + "}", 8), "y begins at byte 4");
        refused(file("{\"x\": " + x + ", \"x\": " + x + "}", 8), "header");
    }

    @Example
    void aHeaderThatCannotBeIsRefused() {
        refused(new byte[0], "0 bytes");
        refused(new byte[7], "7 bytes");
        refused(Arrays.copyOf(GOOD, 20), "truncated");
        refused(file("null", 0), "header");
        refused(file("[]", 0), "header");
        refused(file("{\"x\": null}", 0), "x has no shape");
        byte[] huge = GOOD.clone();
        ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE);
        refused(huge, "truncated");
        ByteBuffer.wrap(huge).order(ByteOrder.LITTLE_ENDIAN).putLong(-1);
        refused(huge, "truncated");
    }

    @Property(tries = 3000)
    void damagedBytesGiveTensorsOrAClearError(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 4) int damages, @ForAll boolean cut) {
        Random random = new Random(seed);
        byte[] bytes = cut ? Arrays.copyOf(GOOD, random.nextInt(GOOD.length)) : GOOD.clone();
        for (int i = 0; i < damages && bytes.length > 0; i++) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        try {
            TensorFile.read(bytes, "file").forEach((name, tensor) -> assertThat(tensor.values())
                    .hasSize((int) Arrays.stream(tensor.shape()).reduce(1, (a, b) -> a * b)));
        } catch (DataException e) {
            assertThat(e).hasMessageStartingWith("Cannot use the weights file: ");
        }
    }

    private static Map<String, Tensor> tensors() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("weight", Tensor.of(new long[] {2, 3}, new float[] {1, -2, 0.5f, Float.MAX_VALUE, 1e-40f, -0f}));
        tensors.put("bias", Tensor.of(new long[] {1}, new float[] {3}));
        tensors.put("none", Tensor.of(new long[] {0}, new float[0]));
        return tensors;
    }

    private static String entry(String type, String shape, String place) {
        return "{\"dtype\": \"" + type + "\", \"shape\": " + shape + ", \"data_offsets\": " + place + "}";
    }

    private static byte[] file(String header, int bytes) {
        byte[] json = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + json.length + bytes)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array();
    }

    private static void refused(byte[] file, String message) {
        assertThatThrownBy(() -> TensorFile.read(file, "file"))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("file", message);
    }
}
