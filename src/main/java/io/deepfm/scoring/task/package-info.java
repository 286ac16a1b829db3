/** What runs within a task: the scorer that an executor's tasks share, and Spark's rows as its input. */
package io.deepfm.scoring.task;
