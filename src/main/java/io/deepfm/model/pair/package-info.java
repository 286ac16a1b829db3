/** Models over pairs of a list and an item: what is a function of one side alone is computed once for each of its rows. */
package io.deepfm.model.pair;
