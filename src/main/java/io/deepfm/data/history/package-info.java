/** What users did before, as features of their interactions. */
package io.deepfm.data.history;
