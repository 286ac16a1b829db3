package io.deepfm.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A list of sections that may be written shorter: an entry with {@code names} in place of {@code name} stands for one entry
 * per name, and what the entries of a kind have in common may stand once, in a section beside the list.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Entries {
    /**
     * The key of the defaults, beside the list's: a section with a section for each kind.
     *
     * @return such as {@code feature_defaults}
     */
    String defaults();

    /**
     * The key of an entry that says its kind, an enum.
     *
     * @return such as {@code type}
     */
    String kind();
}
