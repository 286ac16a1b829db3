/** The generic description of a dataset's features, from which every other part is built. Plain Java. */
package io.deepfm.schema;
