/** What the text of options may be. */
package io.deepfm.cli.option;
