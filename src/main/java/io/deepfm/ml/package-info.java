/** The models as a Spark ML estimator, for notebooks and other people's jobs: the same stages, below a folder of theirs. */
package io.deepfm.ml;
