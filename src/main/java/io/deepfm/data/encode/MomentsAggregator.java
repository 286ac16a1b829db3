package io.deepfm.data.encode;

import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.expressions.Aggregator;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** {@link ExactMoments} as an aggregate of Spark's: a column's mean and deviation, NaN where all values are null. */
final class MomentsAggregator extends Aggregator<Double, ExactMoments, Row> {

    private static final long serialVersionUID = 1L;
    private static final StructType RESULT =
            new StructType().add("mean", DataTypes.DoubleType).add("deviation", DataTypes.DoubleType);

    @Override
    public ExactMoments zero() {
        return new ExactMoments();
    }

    @Override
    public ExactMoments reduce(ExactMoments moments, Double value) {
        if (value != null) {
            moments.add(value);
        }
        return moments;
    }

    @Override
    public ExactMoments merge(ExactMoments moments, ExactMoments others) {
        moments.add(others);
        return moments;
    }

    @Override
    public Row finish(ExactMoments moments) {
        return RowFactory.create(moments.mean(), moments.deviation());
    }

    @Override
    public Encoder<ExactMoments> bufferEncoder() {
        return Encoders.javaSerialization(ExactMoments.class);
    }

    @Override
    public Encoder<Row> outputEncoder() {
        return Encoders.row(RESULT);
    }
}
