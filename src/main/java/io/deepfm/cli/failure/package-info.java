/** What libraries and the JVM say when a disk or the heap is full or a file is damaged, in a user's words. */
package io.deepfm.cli.failure;
