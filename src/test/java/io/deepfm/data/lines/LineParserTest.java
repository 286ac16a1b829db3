package io.deepfm.data.lines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class LineParserTest {

    private static final LineParser CSV = new LineParser(",", "\"");

    @Test
    void delimitersOfAnyLengthPartValues() {
        assertThat(new LineParser("::", "").values("1::a:b::")).containsExactly("1", "a:b", "");
        assertThat(new LineParser("|", "").values("\"a|b\"")).containsExactly("\"a", "b\"");
        assertThat(CSV.values("")).containsExactly("");
    }

    @Test
    void quotesHoldDelimitersAndQuotes() {
        assertThat(CSV.values("\"a,b\",5\" pipe,\"say \"\"x\"\"\",\"\""))
                .containsExactly("a,b", "5\" pipe", "say \"x\"", "");
    }

    @Test
    void aQuoteThatDoesNotEndIsNoValue() {
        assertThat(CSV.values("1,\"first line")).isNull();
        assertThat(CSV.values("1,\"a\"b,2")).isNull();
        assertThat(CSV.values("\"\"\"")).isNull();
    }

    @Property(tries = 200)
    void whatIsQuotedComesBack(
            @ForAll @Size(min = 1, max = 4)
                    List<@StringLength(max = 5) @CharRange(from = '"', to = '/') String> values) {
        List<String> quoted = new ArrayList<>();
        values.forEach(value -> quoted.add("\"" + value.replace("\"", "\"\"") + "\""));
        assertThat(CSV.values(String.join(",", quoted))).isEqualTo(values);
    }
}
