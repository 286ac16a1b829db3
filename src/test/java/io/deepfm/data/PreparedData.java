package io.deepfm.data;

import io.deepfm.config.ConfigLoader;
import io.deepfm.config.DatasetDefinition;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.storage.Manifest;
import io.deepfm.storage.Stage;
import io.deepfm.storage.Storage;
import io.deepfm.storage.Tables;
import io.deepfm.storage.WorkDirectory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** All data stages over some raw files, run in a session of their own. */
final class PreparedData implements AutoCloseable {

    final SparkSession spark;
    final ExperimentConfig config;
    final WorkDirectory work;
    private final WorkDirectory epochFolder;
    final Map<String, Manifest> manifests = new LinkedHashMap<>();

    PreparedData(String master, int shufflePartitions, String rawFiles, Path workDir, String... overrides) {
        List<String> settings =
                new ArrayList<>(List.of("data.data_dir=" + rawFiles, "work_dir=" + workDir, "output_dir=unused"));
        settings.addAll(List.of(overrides));
        config = ConfigLoader.defaults(settings);
        spark = SparkSession.builder()
                .master(master)
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.sql.session.timeZone", "UTC")
                .config("spark.sql.shuffle.partitions", shufflePartitions)
                .getOrCreate();
        work = new WorkDirectory(
                new Storage(spark.sparkContext().hadoopConfiguration()),
                new org.apache.hadoop.fs.Path(workDir.toString()),
                "test",
                why -> {});
        epochFolder = new WorkDirectory(work.storage(), work.path(Tables.EPOCHS), "test", why -> {});
    }

    PreparedData prepare(int epochs) {
        return prepare(dataset(), epochs);
    }

    DatasetDefinition dataset() {
        return Datasets.of(config);
    }

    PreparedData prepare(DatasetDefinition dataset, int epochs) {
        run(new CheckStage(spark, work.storage(), dataset));
        run(new TablesStage(spark, work, dataset, config.data().maxBadRows()));
        run(new IngestStage(spark, work, dataset, config.data().maxBadRows()));
        run(new SplitStage(spark, work, config, dataset));
        run(new EncodeStage(spark, work, dataset));
        run(new CandidateStage(spark, work, config));
        for (int epoch = 1; epoch <= epochs; epoch++) {
            run(epochFolder, new SampleStage(spark, work, config, epoch));
        }
        return this;
    }

    long rows(String stage, String name) {
        return manifests.get(stage).rows(name);
    }

    Dataset<Row> table(String name) {
        return ParquetTables.read(spark, work.path(name));
    }

    private void run(Stage stage) {
        run(work, stage);
    }

    private void run(WorkDirectory folder, Stage stage) {
        manifests.put(stage.name(), folder.run(stage, false).manifest());
    }

    @Override
    public void close() {
        epochFolder.close();
        work.close();
        spark.stop();
    }
}
