/** Keeps what is secret out of all that is shown or stored. */
package io.deepfm.config.redaction;
