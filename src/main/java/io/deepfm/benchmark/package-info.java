/**
 * How fast training, scoring and sampling are on this machine, measured with the classes that do the work, and beside
 * eager PyTorch.
 */
package io.deepfm.benchmark;
