/** Weights and architectures as files: safetensors, stored models, and warm starts from them. */
package io.deepfm.model.io;
