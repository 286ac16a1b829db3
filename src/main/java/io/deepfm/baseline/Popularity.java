package io.deepfm.baseline;

import io.deepfm.config.Extension.NoSettings;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The number of an item's positive interactions in train, the same for every user; a user's repeated ones count each.
 */
public final class Popularity implements Baseline<NoSettings> {

    @Override
    public String name() {
        return "popularity";
    }

    @Override
    public Class<NoSettings> settings() {
        return NoSettings.class;
    }

    @Override
    public Stream<Variant> variants(BaselineData data, NoSettings settings) {
        return Stream.of(new Variant(Map.of(), () -> {
            float[] positives = positives(data);
            return (user, items) -> gather(positives, items);
        }));
    }

    private static float[] positives(BaselineData data) {
        int size = data.numItems();
        return data.users()
                .mapPartitions(part -> {
                    float[] counts = new float[size];
                    part.forEachRemaining(user -> {
                        for (int i = 0; i < user.items().length; i++) {
                            counts[user.items()[i]] += user.labels()[i];
                        }
                    });
                    return List.of(counts).iterator();
                })
                .reduce((some, others) -> {
                    for (int item = 0; item < size; item++) {
                        some[item] += others[item];
                    }
                    return some;
                });
    }

    private static float[] gather(float[] values, int[] items) {
        float[] gathered = new float[items.length];
        for (int i = 0; i < items.length; i++) {
            gathered[i] = values[items[i]];
        }
        return gathered;
    }
}
