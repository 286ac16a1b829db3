/** What a person types and sees: the commands, the console, exit codes, signals, and Spark's log out of the way. */
package io.deepfm.cli;
