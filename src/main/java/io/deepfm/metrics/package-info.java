/** AUC, log loss, HR@K and NDCG@K over candidate lists; plain Java. */
package io.deepfm.metrics;
