/** What a dataset is: its adapters, downloads, and the place where its definition is found by name. */
package io.deepfm.dataset;
