/** MovieLens-100K: its download, verified and unpacked; its definition is {@code datasets/movielens-100k.conf}. */
package io.deepfm.dataset.movielens;
