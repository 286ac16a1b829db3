package io.deepfm.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class GroupLayoutTest {

    @Test
    void idsAndValuesStandApartEachInTheFieldsOrder() {
        FieldSchema kind = FieldSchema.sparse("kind", FieldGroup.ITEM, 5, 2);
        FieldSchema price = FieldSchema.dense("price", FieldGroup.ITEM, 0);
        FieldSchema tags = FieldSchema.sequence("tags", FieldGroup.ITEM, 9, 2, 3, Combiner.MEAN);
        FieldSchema year = FieldSchema.dense("year", FieldGroup.ITEM, 2);
        FieldSchema shop = FieldSchema.sparse("shop", FieldGroup.ITEM, 7, 2);
        GroupLayout layout = GroupLayout.of(List.of(kind, price, tags, year, shop));
        assertThat(layout.slots())
                .containsExactly(
                        new GroupLayout.Slot(kind, 0),
                        new GroupLayout.Slot(price, 0),
                        new GroupLayout.Slot(tags, 1),
                        new GroupLayout.Slot(year, 1),
                        new GroupLayout.Slot(shop, 4));
        assertThat(layout.idWidth()).isEqualTo(5);
        assertThat(layout.valueWidth()).isEqualTo(2);
    }

    @Test
    void aGroupWithoutFieldsIsEmpty() {
        assertThat(GroupLayout.of(List.of())).isEqualTo(new GroupLayout(List.of(), 0, 0));
    }
}
