/** An estimator's parameters and tables to the settings of a run. */
package io.deepfm.ml.fit;
