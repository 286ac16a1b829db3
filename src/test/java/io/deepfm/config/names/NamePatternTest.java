package io.deepfm.config.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NamePatternTest {

    @ParameterizedTest
    @CsvSource({
        "site, site",
        "c[1-3], c1 c2 c3",
        "c[9-11], c9 c10 c11",
        "c[0-2], c0 c1 c2",
        "c[08-10]_id, c08_id c09_id c10_id",
        "c[099-101], c099 c100 c101",
        "[7-7], 7"
    })
    void aRangeIsWrittenOutInOrder(String text, String names) {
        assertThat(NamePattern.names(text)).containsExactly(names.split(" "));
    }

    @ParameterizedTest
    @CsvSource({
        "c[1-, may hold one range in brackets",
        "c1-3], may hold one range in brackets",
        "c[], may hold one range in brackets",
        "c[3], may hold one range in brackets",
        "c[a-f], may hold one range in brackets",
        "c[1-2][1-2], may hold one range in brackets",
        "c[1-9999999999], may hold one range in brackets",
        "c[3-1], must have the smaller number first",
        "c[1-026], with leading zeros must have equally many digits at both ends",
        "c[01-100], with leading zeros must have equally many digits at both ends",
        "c[1-100001], must stand for at most 100000 names",
    })
    void whatIsNoRangeIsRefused(String text, String message) {
        assertThatThrownBy(() -> NamePattern.names(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message)
                .hasMessageEndingWith(", found " + text);
    }

    @Test
    void theLargestRangeIsWrittenOut() {
        assertThat(NamePattern.names("c[000000-099999]"))
                .hasSize(100_000)
                .startsWith("c000000")
                .endsWith("c099999");
    }
}
