package io.deepfm.job;

import io.deepfm.data.sample.SampleStage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.training.EpochShards;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import org.apache.hadoop.fs.Path;

/** Lets Spark sample epoch e + 1 in the background while epoch e trains, and deletes what was trained on. */
final class SampledEpochs implements EpochShards, AutoCloseable {

    private final WorkDirectory folder;
    private final IntFunction<SampleStage> stages;
    private final int lastEpoch;
    private final boolean keep;
    private final Map<Integer, Future<Path>> sampled = new HashMap<>();
    private final ExecutorService background = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "sample-next-epoch");
        thread.setDaemon(true);
        return thread;
    });

    SampledEpochs(WorkDirectory folder, IntFunction<SampleStage> stages, int lastEpoch, boolean keep) {
        this.folder = folder;
        this.stages = stages;
        this.lastEpoch = lastEpoch;
        this.keep = keep;
    }

    @Override
    public Path shards(int epoch) {
        Future<Path> wanted = sampled.computeIfAbsent(epoch, this::start);
        try {
            Path shards = wanted.get();
            if (epoch < lastEpoch) {
                sampled.computeIfAbsent(epoch + 1, this::start);
            }
            return shards;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("Sampling epoch " + epoch + " failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while epoch " + epoch + " was sampled", e);
        }
    }

    @Override
    public void consumed(int epoch) {
        sampled.remove(epoch);
        if (!keep) {
            folder.discard(stages.apply(epoch));
        }
    }

    private Future<Path> start(int epoch) {
        SampleStage stage = stages.apply(epoch);
        return background.submit(() -> {
            folder.run(stage, false);
            return folder.path(stage.outputs().get(0));
        });
    }

    /** Waits for an epoch that is being sampled and will not be needed, and deletes it. */
    @Override
    public void close() {
        background.shutdown();
        try {
            background.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            background.shutdownNow();
        }
        Set.copyOf(sampled.keySet()).forEach(this::consumed);
    }
}
