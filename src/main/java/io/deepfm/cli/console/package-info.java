/** What a person reads while a command runs, and where Spark's own log goes. */
package io.deepfm.cli.console;
