package io.deepfm.data;

import io.deepfm.config.ExperimentConfig;
import io.deepfm.data.read.TableReader;
import io.deepfm.data.sample.CandidateStage;
import io.deepfm.data.sample.EpochSampler;
import io.deepfm.data.sample.SampleStage;
import io.deepfm.data.source.RawFiles;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.dataset.Datasets;
import io.deepfm.job.Configurations;
import io.deepfm.pipeline.Manifest;
import io.deepfm.pipeline.Stage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.schema.Tables;
import io.deepfm.storage.Storage;
import io.deepfm.storage.parquet.ParquetTables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** All data stages over some raw files, run in a session of their own. */
public final class PreparedData implements AutoCloseable {

    public final SparkSession spark;
    final ExperimentConfig config;
    public final WorkDirectory work;
    private final WorkDirectory epochFolder;
    final Map<String, Manifest> manifests = new LinkedHashMap<>();

    public PreparedData(String master, int shufflePartitions, String rawFiles, Path workDir, String... overrides) {
        List<String> settings =
                new ArrayList<>(List.of("data.data_dir=" + rawFiles, "work_dir=" + workDir, "output_dir=unused"));
        settings.addAll(List.of(overrides));
        config = Configurations.defaults(settings.toArray(String[]::new));
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

    public PreparedData prepare(int epochs) {
        return prepare(dataset(), epochs);
    }

    public DatasetDefinition dataset() {
        return Datasets.of(config);
    }

    /** The stages that read raw files. */
    void ingest(DatasetDefinition dataset) {
        TableReader reader = new TableReader(spark, work.storage());
        RawFiles raw = new RawFiles(spark, work.storage(), config.data().rawDigest());
        run(new CheckStage(spark, reader, raw, dataset));
        run(new TablesStage(reader, work, dataset, config.data().maxBadRows()));
        run(new IngestStage(spark, reader, work, dataset, config.data()));
    }

    void split(DatasetDefinition dataset) {
        run(new SplitStage(spark, work, config, dataset));
    }

    public PreparedData prepare(DatasetDefinition dataset, int epochs) {
        return prepareLists(dataset).sample(1, epochs);
    }

    /** All but the epochs. */
    PreparedData prepareLists(DatasetDefinition dataset) {
        ingest(dataset);
        split(dataset);
        run(new EncodeStage(spark, work, dataset));
        run(new CandidateStage(spark, new TableReader(spark, work.storage()), work, config, dataset));
        return this;
    }

    /** Writes the shards of some epochs with one job. */
    PreparedData sample(int first, int last) {
        EpochSampler sampler = new EpochSampler(spark, work, config);
        List<SampleStage> stages = IntStream.rangeClosed(first, last)
                .mapToObj(epoch -> new SampleStage(spark, work, config, epoch))
                .toList();
        epochFolder
                .run(stages, sampler::run, false)
                .forEach(outcome -> manifests.put(outcome.manifest().stage(), outcome.manifest()));
        return this;
    }

    /** Deletes the shards of some epochs. */
    void forget(int first, int last) {
        IntStream.rangeClosed(first, last)
                .forEach(epoch -> epochFolder.discard(new SampleStage(spark, work, config, epoch)));
    }

    long rows(String stage, String name) {
        return manifests.get(stage).rows(name);
    }

    public Dataset<Row> table(String name) {
        return ParquetTables.read(spark, work.path(name));
    }

    private void run(Stage stage) {
        manifests.put(stage.name(), work.run(stage, false).manifest());
    }

    @Override
    public void close() {
        epochFolder.close();
        work.close();
        spark.stop();
    }
}
