package io.deepfm.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetSchemaTest {

    private static final FieldSchema HOUR = FieldSchema.sparse("hour", FieldGroup.CONTEXT, 25, 3);
    private static final FieldSchema PRICE = FieldSchema.dense("price", FieldGroup.ITEM, 0);
    private static final FieldSchema CITY = FieldSchema.sparse("city", FieldGroup.USER, 10, 4);
    private static final FieldSchema TAGS = FieldSchema.sequence("tags", FieldGroup.ITEM, 20, 8, 6, Combiner.MAX);
    private static final FieldSchema AGE = FieldSchema.dense("age", FieldGroup.USER, 5);
    private static final DatasetSchema SCHEMA = new DatasetSchema(List.of(HOUR, PRICE, CITY, TAGS, AGE), "clicked");

    @Test
    void userFieldsComeFirstThenItemFieldsThenContextEachAsGiven() {
        assertThat(SCHEMA.fields()).containsExactly(CITY, AGE, PRICE, TAGS, HOUR);
    }

    @Test
    void groupsAndTypesKeepTheOrder() {
        assertThat(SCHEMA.fields(FieldGroup.USER)).containsExactly(CITY, AGE);
        assertThat(SCHEMA.fields(FieldGroup.ITEM)).containsExactly(PRICE, TAGS);
        assertThat(SCHEMA.fields(FieldGroup.CONTEXT)).containsExactly(HOUR);
        assertThat(SCHEMA.fields(FeatureType.SPARSE)).containsExactly(CITY, HOUR);
        assertThat(SCHEMA.fields(FeatureType.DENSE)).containsExactly(AGE, PRICE);
        assertThat(SCHEMA.fields(FeatureType.SEQUENCE)).containsExactly(TAGS);
    }

    @Test
    void aDenseFieldThatIsPassedThroughHasWidthOneAndNoVector() {
        // city 4, age 5, price as it is 1, tags 8, hour 3
        assertThat(SCHEMA.totalEmbeddingDim()).isEqualTo(21);
        assertThat(SCHEMA.embeddedFields()).containsExactly(CITY, AGE, TAGS, HOUR);
    }

    @Test
    void twoFieldsOfOneNameAreRefused() {
        FieldSchema itemCity = FieldSchema.sparse("city", FieldGroup.ITEM, 3, 2);
        assertThatThrownBy(() -> new DatasetSchema(List.of(CITY, itemCity), "clicked"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("city");
    }

    @Test
    void noFieldsAtAllAreRefused() {
        assertThatThrownBy(() -> new DatasetSchema(List.of(), "clicked")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFieldMayShareTheTableOfOneBeforeItWithTheSameIds() {
        FieldSchema before = FieldSchema.sequence("before", FieldGroup.CONTEXT, 20, 8, 5, Combiner.SQRTN);
        DatasetSchema shared = new DatasetSchema(List.of(before.sharing("tags"), TAGS), "clicked");
        assertThat(DatasetSchema.fromJson(shared.toJson())).isEqualTo(shared);
        // Schemas of earlier versions say nothing of tables, and stay as they are.
        assertThat(SCHEMA.toJson()).doesNotContain("table");

        FieldSchema other = FieldSchema.sequence("before", FieldGroup.CONTEXT, 21, 8, 5, Combiner.SQRTN);
        FieldSchema first = FieldSchema.sequence("before", FieldGroup.USER, 20, 8, 5, Combiner.SQRTN);
        for (FieldSchema unfit : List.of(other.sharing("tags"), first.sharing("tags"), before.sharing("none"))) {
            assertThatThrownBy(() -> new DatasetSchema(List.of(TAGS, unfit), "clicked"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Field before shares the table of");
        }
    }

    @Test
    void whatIsWrittenAsJsonReadsBackEqual() {
        assertThat(DatasetSchema.fromJson(SCHEMA.toJson())).isEqualTo(SCHEMA);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "null", "{}", "{\"fields\": [], \"labelField\": \"clicked\"}", "{\"fields\": [{"})
    void textThatIsNoSchemaIsRefused(String text) {
        assertThatThrownBy(() -> DatasetSchema.fromJson(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStoredFieldThatDoesNotFitIsRefusedByItsName() {
        String json = new DatasetSchema(List.of(CITY), "clicked").toJson();
        String broken = json.replaceFirst("\"vocabularySize\" *: *10", "\"vocabularySize\" : 0");
        assertThat(broken).isNotEqualTo(json);
        assertThatThrownBy(() -> DatasetSchema.fromJson(broken))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Field city", "vocabulary size 0");
    }
}
