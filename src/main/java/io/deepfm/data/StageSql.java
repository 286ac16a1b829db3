package io.deepfm.ml;

import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * The settings of SQL in the stages of a fit, whatever the application's are: a value that cannot be converted is missing, and no
 * error as in ANSI's SQL. A model's expressions must give what they gave the fit.
 */
final class StageSql {

    private StageSql() {}

    /**
     * A session of the same application with these settings.
     *
     * @param spark the application's, whose time zone and number of partitions it has
     * @return a session
     */
    static SparkSession session(SparkSession spark) {
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.ansi.enabled", "false");
        for (String key : List.of("spark.sql.session.timeZone", "spark.sql.shuffle.partitions")) {
            session.conf().set(key, spark.conf().get(key));
        }
        return session;
    }

    /**
     * Works with datasets under the settings of a session: some expressions take those of the thread's session when they are
     * written, others those of their dataset's when they are resolved, which is also when the dataset is made.
     *
     * @param stages a session with the stages' settings
     * @param work makes datasets of datasets of that session
     * @return what it made
     */
    static <T> T within(SparkSession stages, Supplier<T> work) {
        return stages.withActive(work::get);
    }
}
