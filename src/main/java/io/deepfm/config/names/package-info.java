/** Names as settings write them: whole keys, several as one, a weighted sum of some, and what a mistyped one probably meant. */
package io.deepfm.config.names;
