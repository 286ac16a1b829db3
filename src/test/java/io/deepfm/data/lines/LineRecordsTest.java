package io.deepfm.data.lines;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.Test;

/** Lines become records; {@code /} stands for a line feed within one. */
class LineRecordsTest {

    @Test
    void aQuotedValueMayGoOnInLaterLines() {
        assertThat(records("1,\"a", "b,c\",2", "3,d,4", "\"5", "", "6\",\"7", "8\",9"))
                .containsExactly("0: 1,\"a/b,c\",2", "2: 3,d,4", "3: \"5//6\",\"7/8\",9");
    }

    @Test
    void aDoubledQuoteClosesNothing() {
        assertThat(records("\"a\"\"", "\"\"b\",1", "\"\"\"c\"\"\",2"))
                .containsExactly("0: \"a\"\"/\"\"b\",1", "2: \"\"\"c\"\"\",2");
    }

    /** The quote of 2 would end before x, which is no delimiter; that of 4 never ends. */
    @Test
    void aStrayQuoteCostsItsLineAlone() {
        assertThat(records("1,a", "2,\"b", "3,\"x\"", "4,\"d", "5,e"))
                .containsExactly("0: 1,a", "1: 2,\"b", "2: 3,\"x\"", "3: 4,\"d", "4: 5,e");
        List<String> many = new ArrayList<>(List.of("1,\"a"));
        IntStream.range(0, LineRecords.MOST_LINES).forEach(i -> many.add("b"));
        many.add("c\"");
        assertThat(records(many.toArray(String[]::new))).hasSize(LineRecords.MOST_LINES + 2);
    }

    @Test
    void everyLineIsARecordUnlessValuesMaySpanThem() {
        assertThat(records(false, "1,\"a", "b\",2")).containsExactly("0: 1,\"a", "1: b\",2");
    }

    private static List<String> records(String... lines) {
        return records(true, lines);
    }

    /** As Hadoop gives them: in one text that changes. */
    private static List<String> records(boolean spanLines, String... lines) {
        Text same = new Text();
        Iterator<Text> texts = Stream.of(lines)
                .map(line -> {
                    same.set(line);
                    return same;
                })
                .iterator();
        LineRecords records = new LineRecords(texts, new LineParser(",", "\""), StandardCharsets.UTF_8, spanLines);
        List<String> found = new ArrayList<>();
        while (records.hasNext()) {
            LineRecords.Placed record = records.next();
            found.add(record.place() + ": " + record.text().toString().replace('\n', '/'));
        }
        assertThat(records.lines()).isEqualTo(lines.length);
        return found;
    }
}
