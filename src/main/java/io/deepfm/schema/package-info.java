/**
 * The generic description of a dataset's features and of the tables that hold them, from which all else is built; plain
 * Java.
 */
package io.deepfm.schema;
