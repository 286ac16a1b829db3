package io.deepfm.schema;

import static io.deepfm.schema.Combiner.MEAN;
import static io.deepfm.schema.FeatureType.DENSE;
import static io.deepfm.schema.FeatureType.SEQUENCE;
import static io.deepfm.schema.FeatureType.SPARSE;
import static io.deepfm.schema.FieldGroup.CONTEXT;
import static io.deepfm.schema.FieldGroup.ITEM;
import static io.deepfm.schema.FieldGroup.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FieldSchemaTest {

    @Test
    void theShortFormsFillInWhatTheTypeLeavesNoChoiceOf() {
        assertThat(FieldSchema.sparse("city", USER, 10, 4))
                .isEqualTo(new FieldSchema("city", SPARSE, USER, 10, 4, 1, null));
        assertThat(FieldSchema.dense("price", ITEM, 4)).isEqualTo(new FieldSchema("price", DENSE, ITEM, 0, 4, 1, null));
        assertThat(FieldSchema.sequence("tags", CONTEXT, 10, 4, 6, MEAN))
                .isEqualTo(new FieldSchema("tags", SEQUENCE, CONTEXT, 10, 4, 6, MEAN));
    }

    @Test
    void aDenseFieldWithoutEmbeddingIsPassedThroughAsOneNumber() {
        FieldSchema raw = FieldSchema.dense("price", ITEM, 0);
        assertThat(raw.isEmbedded()).isFalse();
        assertThat(raw.flatDim()).isEqualTo(1);
        FieldSchema projected = FieldSchema.dense("price", ITEM, 5);
        assertThat(projected.isEmbedded()).isTrue();
        assertThat(projected.flatDim()).isEqualTo(5);
    }

    @Test
    void aVocabularyMayHoldNothingButTheUnknown() {
        assertThat(FieldSchema.sparse("city", USER, 1, 1).vocabularySize()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource
    void partsThatDoNotFitAreRefusedByTheFieldsName(ThrowingCallable construction, String what) {
        assertThatThrownBy(construction)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Field price", what);
    }

    static Stream<Arguments> partsThatDoNotFitAreRefusedByTheFieldsName() {
        return Stream.of(
                refused("no type", null, USER, 2, 4, 1, null, "type and group"),
                refused("no group", SPARSE, null, 2, 4, 1, null, "type and group"),
                refused("sparse without vocabulary", SPARSE, USER, 0, 4, 1, null, "vocabulary size 0"),
                refused("sequence without vocabulary", SEQUENCE, USER, -1, 4, 6, MEAN, "vocabulary size -1"),
                refused("dense with vocabulary", DENSE, USER, 3, 4, 1, null, "vocabulary size 3"),
                refused("sparse without dimension", SPARSE, USER, 2, 0, 1, null, "embedding dimension 0"),
                refused("sequence without dimension", SEQUENCE, USER, 2, 0, 6, MEAN, "embedding dimension 0"),
                refused("dense of negative dimension", DENSE, USER, 0, -1, 1, null, "embedding dimension -1"),
                refused("sparse of several values", SPARSE, USER, 2, 4, 2, null, "max length 2"),
                refused("dense of several values", DENSE, USER, 0, 4, 2, null, "max length 2"),
                refused("sequence of no length", SEQUENCE, USER, 2, 4, 0, MEAN, "max length 0"),
                refused("sequence without combiner", SEQUENCE, USER, 2, 4, 6, null, "combiner null"),
                refused("sparse with combiner", SPARSE, USER, 2, 4, 1, MEAN, "combiner MEAN"),
                refused("dense with combiner", DENSE, USER, 0, 4, 1, MEAN, "combiner MEAN"));
    }

    private static Arguments refused(
            String name,
            FeatureType type,
            FieldGroup group,
            int vocabularySize,
            int embeddingDim,
            int maxLength,
            Combiner combiner,
            String what) {
        ThrowingCallable construction =
                () -> new FieldSchema("price", type, group, vocabularySize, embeddingDim, maxLength, combiner);
        return Arguments.of(Named.of(name, construction), what);
    }

    @ParameterizedTest
    @MethodSource
    void namesAreThoseOfColumnsAndWeights(String name) {
        assertThatThrownBy(() -> FieldSchema.sparse(name, USER, 2, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Field " + name);
    }

    static Stream<String> namesAreThoseOfColumnsAndWeights() {
        return Stream.of(null, "", "1st", "a.b", "a b", "größe");
    }
}
