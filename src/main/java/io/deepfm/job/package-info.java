/** What each command does, from a {@link io.deepfm.job.Session} to its outputs; callable without a console. */
package io.deepfm.job;
