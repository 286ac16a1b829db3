/** The parameters of the estimator and its model. */
package io.deepfm.ml.param;
