package io.deepfm.baseline.label;

import static org.apache.spark.sql.functions.avg;

import io.deepfm.config.Extension.NoSettings;
import java.util.Map;
import java.util.stream.Stream;

/** The share of positives among the training rows, for every row. */
public final class Constant implements LabelBaseline<NoSettings> {

    @Override
    public String name() {
        return "constant";
    }

    @Override
    public Class<NoSettings> settings() {
        return NoSettings.class;
    }

    @Override
    public Stream<Variant> variants(LabelledRows data, NoSettings settings) {
        return Stream.of(new Variant(Map.of(), () -> {
            double rate = data.rows().agg(avg(LabelledRows.LABEL)).head().getDouble(0);
            double logit = Math.log(rate / (1 - rate));
            return features -> logit;
        }));
    }
}
