package io.deepfm.ml;

import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.storage.Checksums;
import io.deepfm.storage.DataException;
import io.deepfm.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;

/** A stored model: the folder that the command line writes, and beside its files the parameters as Spark ML writes them. */
final class ModelFolder {

    private static final String METADATA = "metadata";

    private ModelFolder() {}

    /** Copies a model. */
    static final class Writer extends MLWriter {

        private final DeepFmModel model;

        Writer(DeepFmModel model) {
            this.model = model;
        }

        /** What is replaced is deleted first, and must not be what is saved. */
        @Override
        public void save(String path) throws IOException {
            Storage storage = DeepFmModel.storage(sparkSession());
            String from = storage.qualified(new Path(model.folder())) + "/";
            if (from.startsWith(storage.qualified(new Path(path)) + "/")) {
                throw new IllegalArgumentException("The model is in " + model.folder() + ", which saving it to " + path
                        + " would delete first. Save it elsewhere.");
            }
            super.save(path);
        }

        @Override
        public void saveImpl(String path) {
            Storage storage = DeepFmModel.storage(sparkSession());
            Path from = storage.qualified(new Path(model.folder()));
            Path to = storage.qualified(new Path(path));
            if (!storage.exists(new Path(from, Checksums.FILE))) {
                throw new DataException(
                        "There is no model in " + from + " any more, so it cannot be saved to " + to + ".");
            }
            Checksums.verify(storage, from);
            ModelFolder.save(new DefaultParamsWriter(model), path);
            for (FileStatus part : storage.list(from)) {
                String name = part.getPath().getName();
                if (!name.equals(METADATA)) {
                    storage.copy(part.getPath(), new Path(to, name));
                }
            }
            Checksums.write(storage, to);
        }
    }

    /** Opens a model's folder where it is. */
    static final class Reader extends MLReader<DeepFmModel> {

        @Override
        public DeepFmModel load(String path) {
            Storage storage = DeepFmModel.storage(sparkSession());
            Path folder = storage.qualified(new Path(path));
            if (storage.exists(new Path(folder, METADATA))) {
                return new DefaultParamsReader<DeepFmModel>().load(path).at(folder.toString());
            }
            DeepFmModel model = DeepFmModel.in(folder.toString());
            DatasetDefinition definition =
                    OpenModel.of(sparkSession(), storage, folder).data().definition();
            definition.user().ifPresent(user -> model.set(model.userCol(), user.text()));
            definition.item().ifPresent(item -> model.set(model.itemCol(), item.text()));
            return model;
        }
    }

    /** Spark declares what it throws in Scala alone. */
    static void save(DefaultParamsWriter writer, String path) {
        try {
            writer.save(path);
        } catch (IOException e) {
            throw new UncheckedIOException(new IOException(e.getMessage(), e));
        }
    }
}
