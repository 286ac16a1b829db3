package io.deepfm.storage.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configurable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionInputStream;
import org.apache.hadoop.io.compress.Decompressor;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.codec.Lz4RawCodec;
import org.apache.parquet.hadoop.codec.NonBlockedDecompressorStream;
import org.apache.parquet.hadoop.codec.SnappyCodec;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * Parquet's codecs for pages whose headers may be damaged. Its streams of Snappy and LZ4 have no end: where a header
 * promises more than its page holds, they give no bytes for ever, and the reader asks for them for ever.
 */
final class WholePageCodecs extends CodecFactory {

    private static final int BUFFER_BYTES = 4096;

    private final Configuration settings;

    WholePageCodecs(Configuration settings) {
        super(settings, 0);
        this.settings = settings;
    }

    @Override
    protected CompressionCodec getCodec(CompressionCodecName name) {
        CompressionCodec codec =
                switch (name) {
                    case SNAPPY -> new Snappy();
                    case LZ4_RAW -> new Lz4();
                    default -> super.getCodec(name);
                };
        if (codec instanceof Configurable configurable) {
            configurable.setConf(settings);
        }
        return codec;
    }

    private static final class Snappy extends SnappyCodec {
        @Override
        public CompressionInputStream createInputStream(InputStream page, Decompressor decompressor)
                throws IOException {
            return new Ending(page, decompressor);
        }
    }

    private static final class Lz4 extends Lz4RawCodec {
        @Override
        public CompressionInputStream createInputStream(InputStream page, Decompressor decompressor)
                throws IOException {
            return new Ending(page, decompressor);
        }
    }

    private static final class Ending extends NonBlockedDecompressorStream {
        Ending(InputStream page, Decompressor decompressor) throws IOException {
            super(page, decompressor, BUFFER_BYTES);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read <= 0 && length > 0) {
                throw new EOFException("a page is shorter than its header says");
            }
            return read;
        }
    }
}
