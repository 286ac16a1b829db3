/** What training makes small. */
package io.deepfm.training.loss;
