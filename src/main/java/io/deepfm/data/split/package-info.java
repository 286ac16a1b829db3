/** How interactions become train, validation and test. */
package io.deepfm.data.split;
