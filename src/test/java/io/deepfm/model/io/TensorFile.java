package io.deepfm.model.io;

import io.deepfm.model.parameter.Tensor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small safetensors files in memory. */
public final class TensorFile {

    private TensorFile() {}

    public static byte[] bytes(Map<String, Tensor> tensors) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Safetensors.write(out, tensors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public static Map<String, Tensor> read(byte[] bytes, String place) {
        return Safetensors.read(() -> new ByteArrayInputStream(bytes), bytes.length, place);
    }

    /** All values, which stay when those they came from change or are gone. */
    public static Map<String, float[]> values(Map<String, Tensor> tensors) {
        Map<String, float[]> values = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> values.put(name, tensor.values()));
        return values;
    }

    /** Tensors that stay when those they came from change or are gone. */
    public static Map<String, Tensor> copy(Map<String, Tensor> tensors) {
        Map<String, Tensor> copy = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> copy.put(name, Tensor.of(tensor.shape(), tensor.values())));
        return copy;
    }
}
