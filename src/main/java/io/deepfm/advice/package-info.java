/** What to do about an error, in the terms of what the user has called. */
package io.deepfm.advice;
