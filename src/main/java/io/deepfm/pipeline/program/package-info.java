/** Which parts of a program count in its digest. */
package io.deepfm.pipeline.program;
