package io.deepfm.report.statistics;

import static io.deepfm.report.statistics.Rows.ranked;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SlicesTest {

    private static List<HeldOutRow> rows(int count) {
        return IntStream.range(0, count)
                .mapToObj(user -> ranked(user, user, 1, 2))
                .toList();
    }

    @Test
    void numbersGiveGroupsOfAboutTheSameSize() {
        assertThat(Slices.byNumber(rows(10), HeldOutRow::user))
                .hasSize(5)
                .containsKeys("0–1", "2–3", "8–9")
                .allSatisfy((range, rows) -> assertThat(rows).hasSize(2));
    }

    @Test
    void rowsOfOneNumberStayTogether() {
        Map<String, List<HeldOutRow>> slices = Slices.byNumber(rows(10), row -> row.user() < 7 ? 0 : row.user());
        assertThat(slices.keySet()).containsExactly("0", "7", "8–9");
        assertThat(slices.get("0")).hasSize(7);
    }

    @Test
    void valuesWithFewRowsAreTheOthers() {
        List<List<String>> values = Stream.of(
                        Collections.nCopies(30, List.of("a")),
                        Collections.nCopies(25, List.of("b")),
                        Collections.nCopies(15, List.of("c")),
                        Collections.nCopies(10, List.<String>of()))
                .flatMap(List::stream)
                .toList();
        Map<String, List<HeldOutRow>> slices = Slices.byValue(rows(80), values, "others");
        assertThat(slices.keySet()).containsExactly("a", "b", "others");
        assertThat(slices.values()).extracting(List::size).containsExactly(30, 25, 25);
    }

    @Test
    void aRowWithSeveralValuesIsInSeveralGroups() {
        Map<String, List<HeldOutRow>> slices =
                Slices.byValue(rows(20), Collections.nCopies(20, List.of("a", "b", "b")), "others");
        assertThat(slices.values()).extracting(List::size).containsExactly(20, 20);
    }

    @Test
    void whereNoValueHasEnoughRowsThereIsNothing() {
        List<List<String>> values =
                IntStream.range(0, 50).mapToObj(user -> List.of("u" + user)).toList();
        assertThat(Slices.byValue(rows(50), values, "others")).isEmpty();
    }
}
