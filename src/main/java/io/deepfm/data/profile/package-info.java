/** What a prepared dataset holds, for people who look at it before they train. */
package io.deepfm.data.profile;
