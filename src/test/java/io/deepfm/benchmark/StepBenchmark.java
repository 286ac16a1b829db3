package io.deepfm.benchmark;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.pytorch.jni.JniUtils;
import io.deepfm.config.ExperimentConfig;
import io.deepfm.inference.EngineSettings;
import io.deepfm.inference.FeatureTable;
import io.deepfm.job.Configurations;
import io.deepfm.model.CtrModel;
import io.deepfm.model.ModelConfig;
import io.deepfm.model.embedding.FeatureBatch;
import io.deepfm.model.layer.Pass;
import io.deepfm.model.parameter.Initializer;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.training.TrainingStep;
import io.deepfm.training.loss.Targets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Samples per second and milliseconds per batch of training and of forward passes, over groups of random rows in memory with the fields of MovieLens-100K:
 * {@code StepBenchmark train|predict SECONDS [profile=FILE] [KEY=VALUE ...]}, with settings as for {@code --override}.
 */
final class StepBenchmark {

    private static final int THREADS =
            Integer.getInteger("threads", Runtime.getRuntime().availableProcessors());
    private static final int BATCHES = 8;
    private static final int ROWS_OF_GROUP = 5;
    private static final int USERS = 943;
    private static final int ITEMS = 1682;
    private static final DatasetSchema SCHEMA = new DatasetSchema(
            List.of(
                    FieldSchema.sparse("user_id", FieldGroup.USER, 944, 16),
                    FieldSchema.sparse("gender", FieldGroup.USER, 3, 4),
                    FieldSchema.sparse("age", FieldGroup.USER, 8, 4),
                    FieldSchema.sparse("occupation", FieldGroup.USER, 22, 8),
                    FieldSchema.sparse("zip_prefix", FieldGroup.USER, 383, 8),
                    FieldSchema.sparse("movie_id", FieldGroup.ITEM, 1679, 16),
                    FieldSchema.sequence("genres", FieldGroup.ITEM, 20, 8, 6, Combiner.MEAN)),
            "label");

    private final SplittableRandom random = new SplittableRandom(1);

    private StepBenchmark() {}

    /** Runs it. */
    public static void main(String[] arguments) {
        String profile = null;
        List<String> settings = List.of(arguments).subList(2, arguments.length);
        if (!settings.isEmpty() && settings.get(0).startsWith("profile=")) {
            profile = settings.get(0).substring("profile=".length());
            settings = settings.subList(1, settings.size());
        }
        new StepBenchmark().run(arguments[0].equals("train"), Double.parseDouble(arguments[1]), profile, settings);
    }

    private void run(boolean training, double seconds, String profile, List<String> settings) {
        ExperimentConfig config = Configurations.defaults(settings.toArray(String[]::new));
        int groups =
                (training ? config.training().batchSize() : config.evaluation().batchSize()) / ROWS_OF_GROUP;
        int batchSize = groups * ROWS_OF_GROUP;
        EngineSettings.start(THREADS);
        try (NDManager manager = NDManager.newBaseManager()) {
            CtrModel model = ModelConfig.of(config).create(SCHEMA);
            model.parameters().set(manager, model.parameters().initial(config.seed(), Initializer.XAVIER_UNIFORM));
            Map<FieldGroup, FeatureTable> tables = new EnumMap<>(Map.of(
                    FieldGroup.USER, table(FieldGroup.USER, USERS), FieldGroup.ITEM, table(FieldGroup.ITEM, ITEMS)));
            Map<FieldGroup, FeatureBatch.Group> resident = new EnumMap<>(FieldGroup.class);
            tables.forEach((group, table) ->
                    resident.put(group, model.embedding().prepare(manager, group, table.toDevice(manager, null))));
            long[][] users = rows(groups, USERS);
            long[][] items = rows(batchSize, ITEMS);
            long[] groupOfRow = new long[batchSize];
            float[] labels = new float[batchSize];
            for (int i = 0; i < batchSize; i++) {
                groupOfRow[i] = i / ROWS_OF_GROUP;
                labels[i] = i % ROWS_OF_GROUP == 0 ? 1 : 0;
            }
            TrainingStep step = training ? new TrainingStep(model, manager, 10, config) : null;
            model.seedDropout(1);
            Runnable[] work = new Runnable[BATCHES];
            for (int i = 0; i < BATCHES; i++) {
                int batch = i;
                work[i] = () -> {
                    try (NDManager scratch = manager.newSubManager()) {
                        FeatureBatch input = batch(resident, scratch, users[batch], groupOfRow, items[batch]);
                        if (training) {
                            step.step(input, new Targets(scratch.create(labels), null, null), 1e-3);
                        } else {
                            predict(model, input);
                        }
                    }
                };
            }
            times(work, Math.min(3, seconds));
            double[] times = times(work, seconds);
            System.out.printf(
                    Locale.ROOT,
                    "%.0f per second; a batch in %.2f ms, the fastest tenth in %.2f ms%n",
                    batchSize / Arrays.stream(times).average().orElseThrow(),
                    1e3 * times[times.length / 2],
                    1e3 * times[times.length / 10]);
            if (profile != null) {
                JniUtils.startProfile(false, false, false);
                times(work, 0);
                JniUtils.stopProfile(profile);
            }
        }
    }

    private static void predict(CtrModel model, FeatureBatch input) {
        try (NDScope scope = new NDScope()) {
            scope.suppressNotUsedWarning();
            model.forward(input, Pass.inference()).toFloatArray();
        }
    }

    /** Rounds over all batches until the time is over; gives the seconds of each batch, sorted. */
    private static double[] times(Runnable[] work, double seconds) {
        long start = System.nanoTime();
        long before = start;
        List<Double> times = new ArrayList<>();
        do {
            for (Runnable one : work) {
                one.run();
                long now = System.nanoTime();
                times.add((now - before) / 1e9);
                before = now;
            }
        } while ((System.nanoTime() - start) / 1e9 < seconds);
        return times.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    }

    private FeatureTable table(FieldGroup group, int rows) {
        List<FieldSchema> fields = SCHEMA.fields(group);
        int width = fields.stream().mapToInt(FieldSchema::maxLength).sum();
        int[] ids = new int[rows * width];
        for (int row = 0, at = 0; row < rows; row++) {
            for (FieldSchema field : fields) {
                int length = field.maxLength() == 1 ? 1 : 1 + random.nextInt(field.maxLength());
                for (int i = 0; i < field.maxLength(); i++) {
                    ids[at++] = i < length ? 1 + random.nextInt(field.vocabularySize() - 1) : 0;
                }
            }
        }
        return new FeatureTable(rows, ids, new float[0]);
    }

    private long[][] rows(int count, int bound) {
        long[][] rows = new long[BATCHES][count];
        for (long[] batch : rows) {
            for (int i = 0; i < count; i++) {
                batch[i] = random.nextInt(bound);
            }
        }
        return rows;
    }

    private static FeatureBatch batch(
            Map<FieldGroup, FeatureBatch.Group> tables,
            NDManager scratch,
            long[] users,
            long[] groupOfRow,
            long[] items) {
        Map<FieldGroup, FeatureBatch.Group> groups = new EnumMap<>(FieldGroup.class);
        FeatureBatch.Group ofGroups = tables.get(FieldGroup.USER).withRows(scratch.create(users));
        groups.put(FieldGroup.USER, ofGroups.gathered().withRows(scratch.create(groupOfRow)));
        groups.put(FieldGroup.ITEM, tables.get(FieldGroup.ITEM).withRows(scratch.create(items)));
        return new FeatureBatch(groups);
    }
}
