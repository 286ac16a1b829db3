package io.deepfm.job.training;

import io.deepfm.data.sample.EpochSampler;
import io.deepfm.data.sample.SampleStage;
import io.deepfm.pipeline.WorkDirectory;
import io.deepfm.training.EpochShards;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;

/**
 * Lets Spark sample the next block of epochs in the background while one trains, and deletes what was trained on.
 *
 * <p>The first block is few epochs, so that training begins soon; each further one is twice as large, up to what one job
 * should write.
 */
public final class SampledEpochs implements EpochShards, AutoCloseable {

    /** A job of one epoch takes nearly as long, and the second would run beside the first epoch's training. */
    private static final int FIRST_BLOCK = 3;

    /** Epochs that one job samples. */
    private record Block(int first, int last, Future<?> sampled) {

        int size() {
            return last - first + 1;
        }

        /**
         * Whether so much of it was trained on that the next one should be sampled: soon enough that training need not
         * wait, and late enough that a training that stops early seldom had epochs sampled in vain.
         */
        boolean isNearlyDone(int epoch) {
            return last - epoch <= (size() + 2) / 4;
        }
    }

    private final WorkDirectory folder;
    private final EpochSampler sampler;
    private final IntFunction<SampleStage> stages;
    private final int lastEpoch;
    private final boolean keep;
    private final Set<Integer> unconsumed = new TreeSet<>();
    private final ExecutorService background = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "sample-next-epochs");
        thread.setDaemon(true);
        return thread;
    });
    private Block current;
    private Block next;

    /**
     * @param folder where the epochs lie
     * @param sampler writes them
     * @param stages what each is
     * @param lastEpoch how many are needed at most
     * @param keep whether epochs stay that were trained on
     */
    public SampledEpochs(
            WorkDirectory folder, EpochSampler sampler, IntFunction<SampleStage> stages, int lastEpoch, boolean keep) {
        this.folder = folder;
        this.sampler = sampler;
        this.stages = stages;
        this.lastEpoch = lastEpoch;
        this.keep = keep;
    }

    /**
     * Says that an epoch will be wanted soon, before the first one is.
     *
     * @param epoch counted from 1
     */
    public void ask(int epoch) {
        if (next == null && epoch <= lastEpoch) {
            next = start(epoch, FIRST_BLOCK);
        }
    }

    @Override
    public Path shards(int epoch) {
        if (current == null || epoch > current.last()) {
            ask(epoch);
            current = next;
            next = null;
        }
        try {
            current.sampled().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("Sampling epoch " + epoch + " failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while epoch " + epoch + " was sampled", e);
        }
        if (next == null && current.isNearlyDone(epoch) && current.last() < lastEpoch) {
            next = start(current.last() + 1, 2 * current.size());
        }
        return folder.path(stages.apply(epoch).outputs().get(0));
    }

    @Override
    public void consumed(int epoch) {
        unconsumed.remove(epoch);
        if (!keep) {
            folder.discard(stages.apply(epoch));
        }
    }

    private Block start(int first, int wanted) {
        int last = Math.min(lastEpoch, first + Math.min(wanted, sampler.epochsPerJob()) - 1);
        List<SampleStage> block =
                IntStream.rangeClosed(first, last).mapToObj(stages).toList();
        block.forEach(stage -> unconsumed.add(stage.epoch()));
        return new Block(first, last, background.submit(() -> folder.run(block, sampler::run, false)));
    }

    /** Waits for epochs that are being sampled and will not be needed, and deletes them. */
    @Override
    public void close() {
        background.shutdown();
        try {
            background.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            background.shutdownNow();
        }
        Set.copyOf(unconsumed).forEach(this::consumed);
    }
}
