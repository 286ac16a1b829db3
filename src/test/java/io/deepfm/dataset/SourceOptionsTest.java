package io.deepfm.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import io.deepfm.config.Located;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.catalyst.FileSourceOptions;
import org.apache.spark.sql.catalyst.json.JSONOptions;
import org.apache.spark.sql.execution.datasources.FileIndexOptions;
import org.apache.spark.sql.execution.datasources.orc.OrcOptions;
import org.apache.spark.sql.execution.datasources.parquet.ParquetOptions;
import org.apache.spark.sql.execution.datasources.text.TextOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that a reader would not look at are refused, with their line and what there is instead. */
class SourceOptionsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    csv    ; nullValue  ; NA  ; Write null_values = ["NA"] instead, beside path.
                    CSV    ; NULLVALUE  ; NA  ; Write null_values = ["NA"] instead, beside path.
                    tsv    ; sep        ; |   ; Write delimiter = "|" instead, beside path.
                    csv    ; mode       ; x   ; Write data.max_bad_rows = 0.01 instead.
                    csv    ; multiLine  ; true; Write multi_line = true instead, beside path.
                    csv    ; lineSep    ; x   ; delimiter, quote, header, multi_line, encoding, columns, null_values and where.
                    csv    ; fs.s3a.key ; x   ; There are none
                    json   ; nullValue  ; NA  ; Write null_values = ["NA"] instead, beside path.
                    json   ; mode       ; x   ; Write data.max_bad_rows = 0.01 instead.
                    json   ; multyline  ; true; Did you mean multiLine? There are allowBackslashEscapingAnyCharacter,
                    parquet; compression; gzip; There are basePath, datetimeRebaseMode,
                    orc    ; multiLine  ; true; mergeSchema
                    """)
    void anOptionWithoutEffectIsRefused(String format, String option, String value, String instead) {
        assertThatThrownBy(() -> check(format, option, value))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(
                        "my.conf:7: options." + option + " is none of the options that sources of format ")
                .hasMessageContaining(instead);
    }

    @ParameterizedTest
    @CsvSource({
        "json, multiLine",
        "json, MULTILINE",
        "JSON, pathGlobFilter",
        "parquet, mergeSchema",
        "parquet, fs.s3a.endpoint",
        "text, wholetext",
        "mongodb, database"
    })
    void anOptionThatIsHeededIsTaken(String format, String option) {
        assertThatCode(() -> check(format, option, "x")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"json", "parquet", "orc", "text"})
    void theNamesAreThoseOfSpark(String format) {
        for (String option : SourceOptions.of(format)) {
            boolean isOfFormat =
                    switch (format) {
                        case "json" -> JSONOptions.isValidOption(option);
                        case "parquet" -> ParquetOptions.isValidOption(option);
                        case "orc" -> OrcOptions.isValidOption(option);
                        default -> TextOptions.isValidOption(option);
                    };
            boolean isOfFiles = FileIndexOptions.isValidOption(option)
                    || FileIndexOptions.isValidOption(option.toLowerCase(Locale.ROOT))
                    || List.of(FileSourceOptions.IGNORE_CORRUPT_FILES(), FileSourceOptions.IGNORE_MISSING_FILES())
                            .contains(option);
            assertThat(isOfFormat || isOfFiles).as(option).isTrue();
        }
    }

    @Test
    void whatASecretOptionHoldsIsNotShown() {
        assertThatThrownBy(() -> check("csv", "password", "hunter2")).hasMessageNotContaining("hunter2");
    }

    private static void check(String format, String option, String value) {
        SourceOptions.check(format, Map.of(option, new Located(value, "my.conf:7")));
    }
}
