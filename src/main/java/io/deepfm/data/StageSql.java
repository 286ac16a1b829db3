package io.deepfm.data;

import io.deepfm.dataset.DatasetDefinition;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * The settings of SQL in stages and models, whatever the application's are: a value that cannot be converted is missing, and no
 * error as in ANSI's SQL, and the time zone is the dataset's. A model's expressions must give what they gave when it was trained.
 */
public final class StageSql {

    private static final String PARTITIONS = "spark.sql.shuffle.partitions";

    private StageSql() {}

    /**
     * A session of the same application with these settings, but for the time zone.
     *
     * @param spark the application's, whose number of partitions it has
     * @return a session
     */
    public static SparkSession session(SparkSession spark) {
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.ansi.enabled", "false");
        session.conf().set(PARTITIONS, spark.conf().get(PARTITIONS));
        return session;
    }

    /**
     * Sets the time zone.
     *
     * @param stages the session of the stages or the model
     * @param dataset whose rows it reads
     */
    public static void setTimeZone(SparkSession stages, DatasetDefinition dataset) {
        stages.conf().set("spark.sql.session.timeZone", dataset.timeZone());
    }

    /**
     * Works with datasets under the settings of a session: some expressions take those of the thread's session when they are
     * written, others those of their dataset's when they are resolved, which is also when the dataset is made.
     *
     * @param stages a session with the stages' settings
     * @param work makes datasets of datasets of that session
     * @return what it made
     */
    public static <T> T within(SparkSession stages, Supplier<T> work) {
        return stages.withActive(work::get);
    }
}
