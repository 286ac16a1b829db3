package io.deepfm.data.lines;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.config.Located;
import io.deepfm.dataset.TableSource;
import io.deepfm.dataset.TableSourceBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lines are separated by {@code /}. */
class HeaderCheckTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    who,years/ann,30/bob,; name STRING, age INT; true
                    who,years/ann,30/bob,old; name STRING, age INT; false
                    who,30/ann,30; name STRING, age INT; false
                    who,/ann,30; name STRING, age INT; false
                    who,years; name STRING, age INT; false
                    Name, AGE; name STRING, age INT; true
                    name,town/ann,Ghent; name STRING, town STRING; true
                    ann,Ghent/bob,Lyon; name STRING, town STRING; false
                    name,age,town/ann,30,Lyon; name STRING, age INT; false
                    """)
    void aHeaderThatNothingAnnouncesIsSeen(String lines, String columns, boolean isHeader) {
        HeaderCheck check = check(false, lines, columns);
        assertThat(check.isUnannounced()).isEqualTo(isHeader);
        assertThat(check.warning().isPresent()).isEqualTo(isHeader);
        check.warning().ifPresent(warning -> assertThat(warning)
                .startsWith("people.csv:1: this row looks like a header: ")
                .endsWith("Set header = true?"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    ann,30; a STRING, b INT; '30' is a number
                    ann,-1.5e3; ; '-1.5e3' is a number
                    ,age; a STRING, b INT; column 1 has no name
                    yes,Yes; a STRING, b STRING; 'Yes' is there twice
                    """)
    void anAnnouncedHeaderThatIsARowIsSeen(String lines, String columns, String problem) {
        assertThat(check(true, lines, columns).warning())
                .contains("people.csv:1: header = true makes names of this line, but " + problem
                        + ". If it is a row, set header = false.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    name,age;
                    who,2020; who STRING, `2020` INT
                    """)
    void aHeaderMayBeOfAnyWordsAndOfNumbersThatAreMeant(String lines, String columns) {
        assertThat(check(true, lines, columns).warning()).isEmpty();
    }

    private static HeaderCheck check(boolean header, String lines, String columns) {
        TableSource source = new TableSourceBuilder(Located.of("people.csv"), "csv")
                .header(header)
                .columns(Optional.of(Located.of(columns == null ? "unused INT" : columns)))
                .build();
        List<List<String>> values = Stream.of(lines.split("/"))
                .map(line -> Arrays.asList(line.split(",", -1)))
                .toList();
        return new HeaderCheck(
                source, columns == null ? new StructType() : StructType.fromDDL(columns), "people.csv", values);
    }
}
