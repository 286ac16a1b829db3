package io.deepfm.training.validation;

import ai.djl.ndarray.NDManager;
import io.deepfm.config.random.Seed;
import io.deepfm.explanation.FieldImportance;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Scorer;
import io.deepfm.metrics.MonitoredMetric;
import io.deepfm.model.CtrModel;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import io.deepfm.schema.GroupLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * What the monitored metric loses when one field's values are shuffled: a user field's between users, an item field's between items,
 * a context field's between lists.
 *
 * @param sample the lists
 * @param metric the metric
 * @param batchSize the candidates of a forward pass
 * @param seed decides the orders
 * @see <a href="https://doi.org/10.1023/A:1010933404324">Breiman, Random Forests, 2001, section 10</a>
 */
public record PermutationImportance(ListSample sample, MonitoredMetric metric, int batchSize, long seed) {

    /**
     * The metric as it is.
     *
     * @param model a model with its weights set
     * @param manager of the device
     * @return NaN where it is not defined over the lists
     */
    public double value(CtrModel model, NDManager manager) {
        return value(model, manager, sample.tables(), sample.contexts());
    }

    /**
     * The importance of all fields.
     *
     * @param model a model with its weights set
     * @param manager of the device
     * @param value what {@link #value} gave
     * @param repeats how many orders are tried, at least 1
     * @return the most important first
     */
    public List<FieldImportance> of(CtrModel model, NDManager manager, double value, int repeats) {
        List<GroupLayout.Slot> slots = Arrays.stream(FieldGroup.values())
                .flatMap(group -> GroupLayout.of(model.schema().fields(group)).slots().stream())
                .toList();
        double[] lost = new double[slots.size() * repeats];
        List<Callable<Object>> passes = new ArrayList<>();
        for (int i = 0; i < lost.length; i++) {
            int pass = i;
            Runnable shuffling =
                    () -> lost[pass] = lost(value, shuffled(model, manager, slots.get(pass / repeats), pass % repeats));
            passes.add(Executors.callable(shuffling));
        }
        together(passes);
        return IntStream.range(0, slots.size())
                .mapToObj(i -> new FieldImportance(
                        slots.get(i).field().name(),
                        slots.get(i).field().group(),
                        Arrays.stream(lost, i * repeats, (i + 1) * repeats)
                                .boxed()
                                .toList()))
                .sorted(FieldImportance.LARGEST_FIRST)
                .toList();
    }

    private double lost(double value, double shuffled) {
        return metric.higherIsBetter() ? value - shuffled : shuffled - value;
    }

    /** Side by side, as a pass uses one core. On threads of their own: metrics are found by the class loader that a thread inherits. */
    private static void together(List<Callable<Object>> passes) {
        ExecutorService threads =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try {
            for (Future<Object> pass : threads.invokeAll(passes)) {
                pass.get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("A pass with a shuffled field failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Explaining was interrupted");
        } finally {
            end(threads);
        }
    }

    /** Passes that run are waited for, also by a thread that was interrupted: what they read is freed next. */
    private static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean isInterrupted = Thread.interrupted();
        boolean isOver = false;
        while (!isOver) {
            try {
                isOver = threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                isInterrupted = true;
            }
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private double shuffled(CtrModel model, NDManager manager, GroupLayout.Slot slot, int repeat) {
        FieldSchema field = slot.field();
        FeatureTable table = field.group() == FieldGroup.CONTEXT
                ? sample.contexts()
                : sample.tables().get(field.group());
        FeatureTable shuffled = table.shuffled(
                slot, order(table.rows(), Seed.of(seed, field.name().hashCode(), repeat)));
        Map<FieldGroup, FeatureTable> tables = new EnumMap<>(sample.tables());
        if (field.group() == FieldGroup.CONTEXT) {
            return value(model, manager, tables, shuffled);
        }
        tables.put(field.group(), shuffled);
        return value(model, manager, tables, sample.contexts());
    }

    private double value(
            CtrModel model, NDManager manager, Map<FieldGroup, FeatureTable> tables, FeatureTable contexts) {
        try (Scorer scorer = new Scorer(manager, model, tables, batchSize)) {
            return metric.of(sample.metrics(scorer, contexts));
        }
    }

    private static int[] order(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int moved = order[i];
            order[i] = order[j];
            order[j] = moved;
        }
        return order;
    }
}
