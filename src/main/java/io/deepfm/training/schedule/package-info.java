/** What changes from epoch to epoch: the learning rate, and whether training goes on. */
package io.deepfm.training.schedule;
