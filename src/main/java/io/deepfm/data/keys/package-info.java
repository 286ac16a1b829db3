/** Users and items: their rows, and how interactions find them by their keys. */
package io.deepfm.data.keys;
