/** The commands. Each stage is a thin job that wires the other packages together and tells the console. */
package io.deepfm.cli;
