/** What a session consists of: its Spark application, and the stages that it runs. */
package io.deepfm.job.session;
