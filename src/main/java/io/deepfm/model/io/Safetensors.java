package io.deepfm.model.io;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.deepfm.model.parameter.Tensor;
import io.deepfm.storage.DataException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The safetensors format: an 8-byte little-endian header length, a JSON header that gives each tensor's type, shape and
 * place, then the values. Float32 only. Values are streamed in both directions, so a file may be larger than the heap.
 *
 * @see <a href="https://huggingface.co/docs/safetensors">the format's page</a>
 */
public final class Safetensors {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String METADATA = "__metadata__";
    private static final int MOST_HEADER_BYTES = 100_000_000;

    private record Entry(String dtype, List<Long> shape, List<Long> data_offsets) {}

    private Safetensors() {}

    /**
     * Writes tensors.
     *
     * @param out where to; not closed
     * @param tensors tensors by name
     * @throws IOException if the stream cannot be written
     */
    public static void write(OutputStream out, Map<String, Tensor> tensors) throws IOException {
        Map<String, Entry> header = new LinkedHashMap<>();
        long offset = 0;
        for (Map.Entry<String, Tensor> tensor : tensors.entrySet()) {
            long end = offset + Float.BYTES * tensor.getValue().size();
            List<Long> shape = Arrays.stream(tensor.getValue().shape()).boxed().toList();
            header.put(tensor.getKey(), new Entry("F32", shape, List.of(offset, end)));
            offset = end;
        }
        byte[] json = padded(JSON.writeValueAsBytes(header));
        out.write(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .array());
        out.write(json);
        byte[] bytes = new byte[Float.BYTES * Tensor.PIECE];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try {
            tensors.values()
                    .forEach(tensor -> tensor.forEachPiece(piece -> {
                        buffer.asFloatBuffer().put(piece);
                        try {
                            out.write(bytes, 0, Float.BYTES * piece.length);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /**
     * Reads the header of a file; the values are read when they are asked for.
     *
     * @param file opens the file from its beginning
     * @param length its bytes
     * @param place what to call it in errors
     * @return tensors by name, in the order of the header
     * @throws DataException if this is no such file, or a tensor is not float32
     */
    public static Map<String, Tensor> read(Supplier<InputStream> file, long length, String place) {
        try (InputStream in = file.get()) {
            byte[] start = in.readNBytes(Long.BYTES);
            long headerLength = start.length < Long.BYTES
                    ? -1
                    : ByteBuffer.wrap(start).order(ByteOrder.LITTLE_ENDIAN).getLong();
            if (headerLength < 2 || headerLength > Math.min(length - Long.BYTES, MOST_HEADER_BYTES)) {
                throw bad(place, "it is truncated or not a safetensors file (" + length + " bytes)");
            }
            Map<String, Entry> header = header(in.readNBytes((int) headerLength), place);
            long data = Long.BYTES + headerLength;
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            header.forEach((name, entry) -> {
                check(name, entry, length - data, place);
                tensors.put(name, new Stored(file, data, entry, place));
            });
            requireSideBySide(header, length - data, place);
            return tensors;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + place, e);
        }
    }

    /** A tensor in a file. */
    private record Stored(Supplier<InputStream> file, long data, Entry entry, String place) implements Tensor {

        @Override
        public long[] shape() {
            return entry.shape().stream().mapToLong(Long::longValue).toArray();
        }

        @Override
        public void forEachPiece(Consumer<float[]> consumer) {
            byte[] bytes = new byte[(int) Math.min(Float.BYTES * size(), Float.BYTES * PIECE)];
            try (InputStream in = file.get()) {
                in.skipNBytes(data + entry.data_offsets().get(0));
                for (long left = size(); left > 0; left -= PIECE) {
                    float[] piece = new float[(int) Math.min(left, PIECE)];
                    if (in.readNBytes(bytes, 0, Float.BYTES * piece.length) < Float.BYTES * piece.length) {
                        throw new EOFException("the file has become shorter");
                    }
                    ByteBuffer.wrap(bytes)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .asFloatBuffer()
                            .get(piece);
                    consumer.accept(piece);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read " + place, e);
            }
        }
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

    private static void check(String name, Entry entry, long bytes, String place) {
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
        if (start < 0 || end < start || end > bytes) {
            throw bad(place, "tensor " + name + " lies at bytes " + start + " to " + end + " of " + bytes);
        }
        long size = 1;
        for (long dimension : entry.shape()) {
            if (dimension < 0 || (dimension > 0 && size > Long.MAX_VALUE / Float.BYTES / dimension)) {
                throw bad(place, "tensor " + name + " has the shape " + entry.shape());
            }
            size *= dimension;
        }
        if (size * Float.BYTES != end - start) {
            throw bad(place, "tensor " + name + " of shape " + entry.shape() + " has " + (end - start) + " bytes");
        }
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
