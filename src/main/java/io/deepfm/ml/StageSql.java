package io.deepfm.ml;

import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.internal.SQLConf;

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
     * Makes datasets of the application's session whose expressions have the stages' meaning, also where they are computed later:
     * Spark settles it while it resolves an expression, which is when the dataset is made.
     *
     * @param spark the application's session
     * @param datasets makes them
     * @return what it made
     */
    static <T> T within(SparkSession spark, Supplier<T> datasets) {
        return SQLConf.withExistingConf(session(spark).sessionState().conf(), datasets::get);
    }
}
