/** AUC, log loss, HR@K and NDCG@K over candidate lists. Plain Java. */
package io.deepfm.metrics;
