/** What is measured over candidate lists: rankings, and the probabilities of labels; plain Java. */
package io.deepfm.metrics;
