/** Why a model says what it says: what a logit is the sum of, and which fields, pairs of fields and attention weights matter. */
package io.deepfm.explanation;
