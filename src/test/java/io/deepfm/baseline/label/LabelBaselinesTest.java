package io.deepfm.baseline.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.deepfm.config.Extension.NoSettings;
import io.deepfm.schema.Combiner;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import io.deepfm.schema.FieldSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The logits of each method against values computed by hand. */
class LabelBaselinesTest {

    private static final Vector A = Vectors.sparse(3, new int[] {1}, new double[] {1});
    private static final Vector B = Vectors.sparse(3, new int[] {2}, new double[] {1});

    private static SparkSession spark;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[1]")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .getOrCreate();
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    @Test
    void aConstantHasTheLogitOfTheShareOfPositives() {
        RowLogits logits = new Constant()
                .variants(rows(1 << 20), new NoSettings())
                .findFirst()
                .orElseThrow()
                .fit()
                .get();
        // 5 of 8 rows.
        assertThat(logits.of(A)).isCloseTo(Math.log(5 / 3.0), within(1e-12));
        assertThat(logits.of(B)).isEqualTo(logits.of(A));
    }

    @Test
    void withoutAPenaltyLogisticRegressionHasTheSharesOfEachValue() {
        // Four of five rows of A and one of three rows of B are positive.
        RowLogits free = fit(0);
        assertThat(free.of(A)).isCloseTo(Math.log(4), within(1e-2));
        assertThat(free.of(B)).isCloseTo(Math.log(1 / 2.0), within(1e-2));
    }

    @Test
    void aPenaltyDrawsLogitsTogether() {
        RowLogits penalized = fit(0.1);
        assertThat(penalized.of(A)).isBetween(Math.log(5 / 3.0), Math.log(4) - 0.1);
        assertThat(fit(1e6).of(A)).as("only the intercept has no penalty").isCloseTo(Math.log(5 / 3.0), within(1e-2));
    }

    @Test
    void whatDoesNotFitIntoMemoryIsRefused() {
        assertThat(new LogisticRegression().refusal(rows(3 * 240), settings(0))).isEmpty();
        assertThat(new LogisticRegression()
                        .refusal(rows(3 * 240 - 1), settings(0))
                        .orElseThrow())
                .contains("for 3 one-hot features");
    }

    @Test
    void eachIdHasAPlaceAndPaddingNone() {
        FeatureVectors vectors = new FeatureVectors(new DatasetSchema(
                List.of(
                        FieldSchema.sparse("site", FieldGroup.CONTEXT, 3, 2),
                        FieldSchema.dense("price", FieldGroup.CONTEXT, 0),
                        FieldSchema.sequence("tags", FieldGroup.CONTEXT, 4, 2, 5, Combiner.SUM)),
                "label"));
        StructType type = new StructType()
                .add("tags", DataTypes.createArrayType(DataTypes.IntegerType))
                .add("site", DataTypes.IntegerType)
                .add("price", DataTypes.FloatType);
        Row row = spark.createDataFrame(List.of(RowFactory.create(Arrays.asList(3, 1, 3, 0, 0), 0, 2.5f)), type)
                .first();
        assertThat(vectors.size()).isEqualTo(3 + 1 + 4);
        assertThat(vectors.of(row).toArray()).containsExactly(1, 0, 0, 2.5, 0, 1, 0, 2);
    }

    private static RowLogits fit(double penalty) {
        return new LogisticRegression()
                .variants(rows(1 << 20), settings(penalty))
                .findFirst()
                .orElseThrow()
                .fit()
                .get();
    }

    private static LogisticRegression.Settings settings(double penalty) {
        return new LogisticRegression.Settings(new LogisticRegression.Config(List.of(penalty), 200));
    }

    private static LabelledRows rows(long memory) {
        List<Row> rows = new ArrayList<>();
        for (double label : new double[] {1, 1, 1, 1, 0}) {
            rows.add(RowFactory.create(label, A));
        }
        for (double label : new double[] {1, 0, 0}) {
            rows.add(RowFactory.create(label, B));
        }
        StructType type = new StructType()
                .add(LabelledRows.LABEL, DataTypes.DoubleType)
                .add(LabelledRows.FEATURES, SQLDataTypes.VectorType());
        return new LabelledRows(spark.createDataFrame(rows, type), 3, memory);
    }
}
