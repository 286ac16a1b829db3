package io.deepfm.model.io;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deepfm.model.layer.Tensor;
import io.deepfm.storage.DataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header that gives each tensor's type, shape and
 * place, then the values. Float32 only.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">the format's page</a>
 */
public final class Safetensors {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String METADATA = "__metadata__";

    private record Entry(String dtype, List<Long> shape, List<Long> data_offsets) {}

    private Safetensors() {}

    /**
     * Writes tensors.
     *
     * @param tensors tensors by name
     * @return the file's bytes
     */
    public static byte[] write(Map<String, Tensor> tensors) {
        try {
            Map<String, Entry> header = new LinkedHashMap<>();
            long offset = 0;
            for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
                long end = offset + 4L * tensor.getValue().values().length;
                List<Long> shape =
                        Arrays.stream(tensor.getValue().shape()).boxed().toList();
                header.put(tensor.getKey(), new Entry("F32", shape, List.of(offset, end)));
                offset = end;
            }
            byte[] json = padded(JSON.writeValueAsBytes(header));
            ByteBuffer file = ByteBuffer.allocate(Math.toIntExact(8 + json.length + offset))
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(json.length)
                    .put(json);
            for (Tensor tensor : tensors.values()) {
                for (float value : tensor.values()) {
                    file.putFloat(value);
                }
            }
            return file.array();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads tensors.
     *
     * @param bytes a file's bytes
     * @param place what to call the file in errors
     * @return tensors by name
     * @throws DataException if the bytes are no such file, or a tensor is not float32
     */
    public static Map<String, Tensor> read(byte[] bytes, String place) {
        ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long headerLength = bytes.length < 8 ? -1 : file.getLong();
        if (headerLength < 2 || headerLength > bytes.length - 8L) {
            throw bad(place, "it is truncated or not a safetensors file (" + bytes.length + " bytes)");
        }
        byte[] json = new byte[(int) headerLength];
        file.get(json);
        ByteBuffer data = file.slice().order(ByteOrder.LITTLE_ENDIAN);
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        Map<String, Entry> header = header(json, place);
        header.forEach((name, entry) -> tensors.put(name, tensor(name, entry, data, place)));
        requireSideBySide(header, data.limit(), place);
        return tensors;
    }

    /** The format wants each byte of data to belong to one tensor. */
    private static void requireSideBySide(Map<String, Entry> header, long bytes, String place) {
        List<Map.Entry<String, Entry>> byPlace = header.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, Entry> entry) ->
                                entry.getValue().data_offsets().get(0))
                        .thenComparingLong(
                                entry -> entry.getValue().data_offsets().get(1)))
                .toList();
        long end = 0;
        for (Map.Entry<String, Entry> entry : byPlace) {
            long start = entry.getValue().data_offsets().get(0);
            if (start != end) {
                throw bad(
                        place,
                        "tensor " + entry.getKey() + " begins at byte " + start + " where the one before it ends at "
                                + end);
            }
            end = entry.getValue().data_offsets().get(1);
        }
        if (end != bytes) {
            throw bad(place, "its tensors end at byte " + end + " of " + bytes);
        }
    }

    private static Map<String, Entry> header(byte[] json, String place) {
        try {
            Map<String, Object> raw = JSON.readValue(json, new TypeReference<LinkedHashMap<String, Object>>() {});
            if (raw == null) {
                throw bad(place, "its header is empty");
            }
            raw.remove(METADATA);
            return JSON.convertValue(raw, new TypeReference<LinkedHashMap<String, Entry>>() {});
        } catch (IOException | IllegalArgumentException e) {
            throw bad(
                    place,
                    "its header is invalid: "
                            + new String(json, 0, Math.min(json.length, 80), StandardCharsets.UTF_8)
                                    .replaceAll("\\p{Cntrl}", "?"));
        }
    }

    private static Tensor tensor(String name, Entry entry, ByteBuffer data, String place) {
        if (entry == null
                || entry.shape() == null
                || entry.data_offsets() == null
                || entry.data_offsets().size() != 2
                || entry.shape().contains(null)
                || entry.data_offsets().contains(null)) {
            throw bad(place, "tensor " + name + " has no shape or no offsets");
        }
        if (!"F32".equals(entry.dtype())) {
            throw bad(place, "tensor " + name + " has type " + entry.dtype() + ", expected F32");
        }
        long start = entry.data_offsets().get(0);
        long end = entry.data_offsets().get(1);
        if (start < 0 || end < start || end > data.limit()) {
            throw bad(place, "tensor " + name + " lies at bytes " + start + " to " + end + " of " + data.limit());
        }
        long size = 1;
        for (long dimension : entry.shape()) {
            if (dimension < 0 || (dimension > 0 && size > Integer.MAX_VALUE / dimension)) {
                throw bad(place, "tensor " + name + " has the shape " + entry.shape());
            }
            size *= dimension;
        }
        if (size * 4 != end - start) {
            throw bad(place, "tensor " + name + " of shape " + entry.shape() + " has " + (end - start) + " bytes");
        }
        float[] values = new float[(int) size];
        data.slice((int) start, (int) (end - start))
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return new Tensor(entry.shape().stream().mapToLong(Long::longValue).toArray(), values);
    }

    /** Values begin at a multiple of 8 bytes. */
    private static byte[] padded(byte[] json) {
        byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
        Arrays.fill(padded, json.length, padded.length, (byte) ' ');
        return padded;
    }

    private static DataException bad(String place, String what) {
        return new DataException("Cannot use the weights " + place + ": " + what + ".");
    }
}
