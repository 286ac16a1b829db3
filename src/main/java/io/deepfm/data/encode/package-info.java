/** Raw values to ids and scaled numbers, with encoders that are fitted on the training split. */
package io.deepfm.data.encode;
