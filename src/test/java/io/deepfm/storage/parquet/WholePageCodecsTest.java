package io.deepfm.storage.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 1, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WholePageCodecsTest {

    private static final byte[] PAGE = "user item label user item label".getBytes(StandardCharsets.US_ASCII);

    private final CodecFactory codecs = new WholePageCodecs(new Configuration());

    @ParameterizedTest
    @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
    void aWholePageIsReadAsItWasWritten(CompressionCodecName codec) throws IOException {
        assertThat(decompressed(codec, PAGE.length)).isEqualTo(PAGE);
    }

    @ParameterizedTest
    @EnumSource(names = {"SNAPPY", "GZIP", "ZSTD", "LZ4_RAW"})
    void aPageThatHoldsLessThanItsHeaderSaysIsRefused(CompressionCodecName codec) {
        assertThatThrownBy(() -> decompressed(codec, PAGE.length + 1)).isInstanceOf(IOException.class);
    }

    private byte[] decompressed(CompressionCodecName codec, int bytes) throws IOException {
        byte[] compressed = bytes(codecs.getCompressor(codec).compress(BytesInput.from(PAGE)));
        return bytes(codecs.getDecompressor(codec).decompress(BytesInput.from(compressed), bytes));
    }

    private static byte[] bytes(BytesInput of) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        of.writeAllTo(bytes);
        return bytes.toByteArray();
    }
}
