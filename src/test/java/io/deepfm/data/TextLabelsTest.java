package io.deepfm.data;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.deepfm.config.ConfigException;
import io.deepfm.dataset.DatasetDefinition;
import io.deepfm.storage.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels that files hold as texts. */
class TextLabelsTest {

    @TempDir
    private Path folder;

    @Test
    void textsThatAreNoNumberAreNamedWithWhatToWrite() throws IOException {
        Files.writeString(folder.resolve("ads.csv"), "ad,clicked\na,true\nb,false\nc,true\n");
        try (PreparedData data = data()) {
            assertThatThrownBy(() -> data.ingest(ads()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("label: clicked gives texts such as 'true'")
                    .hasMessageContaining("such as clicked = 'true'");
        }
    }

    @Test
    void aTextAmongNumbersIsABadRowThatNamesIt() throws IOException {
        Files.writeString(folder.resolve("ads.csv"), "ad,clicked\na,1\nb,0\nc,perhaps\n");
        try (PreparedData data = data()) {
            assertThatThrownBy(() -> data.ingest(ads()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("ads.csv:4: the label is 'perhaps'");
        }
    }

    private PreparedData data() {
        return new PreparedData("local[1]", 2, folder.toString(), folder.resolve("work"));
    }

    private DatasetDefinition ads() {
        return DatasetDefinition.fromJson(
                "{ \"interactions\": { \"path\": \"" + folder
                        + "/ads.csv\", \"header\": true }, \"label\": \"clicked\","
                        + " \"features\": [{ \"name\": \"ad\", \"type\": \"sparse\" }] }",
                "test");
    }
}
