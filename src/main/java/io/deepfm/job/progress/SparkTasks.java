package io.deepfm.job.progress;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Consumer;
import org.apache.spark.Success$;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageCompleted;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * Tells how many tasks of the Spark stages that run are done. How many stages a job still needs Spark decides while it runs,
 * so that each of them, or several at once, is a whole of its own.
 */
public final class SparkTasks extends SparkListener {

    /** The local property of Spark that says what jobs are for; threads inherit it. */
    public static final String TASK = "deepfm.task";

    private record Running(String task, int done, int all) {

        Running withOneMore() {
            return new Running(task, done + 1, all);
        }
    }

    private final String command;
    private final Consumer<Progress> listener;
    /** By stage; only Spark's thread for listeners uses it. */
    private final Map<Integer, Running> stages = new HashMap<>();

    /**
     * @param command what jobs are for that have no {@link #TASK}
     * @param listener is told, in a thread of Spark's that must not wait
     */
    public SparkTasks(String command, Consumer<Progress> listener) {
        this.command = command;
        this.listener = listener;
    }

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
        Properties properties = event.properties();
        String task = properties == null ? command : properties.getProperty(TASK, command);
        stages.put(
                event.stageInfo().stageId(),
                new Running(task, 0, event.stageInfo().numTasks()));
        tell(task);
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        if (event.reason() == Success$.MODULE$ && stages.containsKey(event.stageId())) {
            tell(stages.computeIfPresent(event.stageId(), (id, stage) -> stage.withOneMore())
                    .task());
        }
    }

    @Override
    public void onStageCompleted(SparkListenerStageCompleted event) {
        stages.remove(event.stageInfo().stageId());
    }

    private void tell(String task) {
        long done = 0;
        long all = 0;
        for (Running stage : stages.values()) {
            if (stage.task().equals(task)) {
                done += stage.done();
                all += stage.all();
            }
        }
        listener.accept(new Progress(task, done, all, Progress.Unit.TASKS, ""));
    }
}
