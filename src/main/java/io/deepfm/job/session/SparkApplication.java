package io.deepfm.job.session;

import io.deepfm.config.ConfigException;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * The Spark application that a session works in.
 *
 * @param spark its SparkSession
 * @param isOwn whether it was started for the session, and stops with it; another's stays open
 */
public record SparkApplication(SparkSession spark, boolean isOwn) implements AutoCloseable {

    /**
     * Starts an application of the session's own, or takes the one that spark-submit began.
     *
     * @param command what it is for
     * @param master Spark's master where spark-submit gives none; may be null
     * @return one that stops when it is closed
     * @throws ConfigException if Spark does not know the master
     */
    public static SparkApplication start(String command, String master) {
        SparkConf conf = settings(master);
        try {
            SparkSession spark = SparkSession.builder()
                    .appName("deepfm " + command)
                    .config(conf)
                    .getOrCreate();
            return new SparkApplication(spark, true);
        } catch (Exception e) {
            if (String.valueOf(e.getMessage()).contains("Master URL")) {
                throw new ConfigException("--master " + conf.get("spark.master")
                        + ": not a master that Spark knows. Use local[*], yarn, or a URL such as spark://host:7077.");
            }
            throw new IllegalStateException(
                    "Spark failed to start with --master " + conf.get("spark.master") + "; see its log.", e);
        }
    }

    private static SparkConf settings(String master) {
        SparkConf conf = new SparkConf();
        if (master != null) {
            conf.setMaster(master);
        }
        conf.setIfMissing("spark.master", "local[*]");
        // A web server without a password, open to the network, is for those who ask for it.
        conf.setIfMissing("spark.ui.enabled", "false");
        if (conf.get("spark.master").startsWith("local")) {
            // On one machine: no ports for others, and not 200 partitions of a few rows each.
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
            conf.setIfMissing(
                    "spark.sql.shuffle.partitions",
                    Integer.toString(Runtime.getRuntime().availableProcessors()));
            // A task without memory fails, and does not end this process without a word.
            conf.setIfMissing("spark.executor.killOnFatalError.depth", "0");
            // A laptop that sleeps sends no heartbeats. After two minutes of that Spark would give its only executor up
            // for lost, and end this process some minutes later.
            conf.setIfMissing("spark.storage.blockManagerHeartbeatTimeoutMs", "365d");
        }
        // Until there is a dataset, whose own it becomes.
        conf.setIfMissing("spark.sql.session.timeZone", "UTC");
        // Spark 4's default makes errors of what Spark 3 reads as null, which rows are checked for.
        conf.set("spark.sql.ansi.enabled", "false");
        // Parquet's pages carry checksums, which nobody looks at by default.
        conf.setIfMissing("spark.hadoop.parquet.page.verify-checksum.enabled", "true");
        return conf;
    }

    @Override
    public void close() {
        if (isOwn) {
            spark.stop();
        }
    }
}
