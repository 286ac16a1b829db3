/** What a person types: the commands, their exit codes, and signals. */
package io.deepfm.cli;
