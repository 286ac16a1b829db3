/** How a step moves the weights by their gradients. */
package io.deepfm.training.optimizer;
