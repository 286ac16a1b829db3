/**
 * Who of several processes may write where, on any Hadoop file system: locks and claims, of which those of processes that
 * were killed count for nothing.
 */
package io.deepfm.pipeline.lock;
