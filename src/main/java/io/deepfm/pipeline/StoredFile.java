package io.deepfm.pipeline;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What a file of a stage's output holds.
 *
 * @param bytes its length
 * @param sha256 its digest, 64 hexadecimal digits, or null where it lies on a file system that itself sees damage
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StoredFile(long bytes, String sha256) {

    /** Earlier versions noted the lengths alone. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static StoredFile ofLength(long bytes) {
        return new StoredFile(bytes, null);
    }
}
