/** Options that several commands have, and what their texts may be. */
package io.deepfm.cli.option;
