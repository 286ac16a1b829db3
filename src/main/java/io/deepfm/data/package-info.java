/**
 * The Spark stages from raw files to splits and encoded tables, whose rows do not depend on how Spark partitions them.
 */
package io.deepfm.data;
