/** What happens on ctrl-C and SIGTERM, and what is said then. */
package io.deepfm.cli.stop;
