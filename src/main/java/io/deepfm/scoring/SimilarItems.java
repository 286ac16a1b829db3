package io.deepfm.scoring;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.col;

import io.deepfm.schema.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The items of a catalogue whose vectors have the largest cosine with those of given items. */
public final class SimilarItems {

    private static final String ITEM = "item";
    private static final String COSINE = "cosine";
    private static final String RANK = "rank";

    private SimilarItems() {}

    /**
     * Finds the nearest items.
     *
     * @param asked {@link Recommender#POSITION}, the item's index and its key; each item has a vector
     * @param catalogue the items to search; those without a vector are ignored
     * @param vectors the vectors of all items by index
     * @param count the most items per item
     * @return {@code item} and {@code similar_item} (their keys), {@code cosine} and {@code rank} (from 1, by cosine and
     *     then by the item's index) and what else the catalogue shows, in the order of the positions and ranks
     */
    public static Dataset<Row> nearest(Dataset<Row> asked, Catalogue catalogue, ItemVectors vectors, int count) {
        SparkSession spark = asked.sparkSession();
        int[] indices = IntStream.of(catalogue.indices()).filter(vectors::has).toArray();
        Broadcast<ItemVectors> shared =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(vectors);
        FlatMapFunction<Row, Row> nearest =
                item -> rows(item, shared.value(), indices, count).iterator();
        StructType type = new StructType()
                .add(ITEM, asked.schema().apply(Tables.ITEM_KEY).dataType())
                .add(Tables.ITEM_INDEX, DataTypes.IntegerType, false)
                .add(COSINE, DataTypes.DoubleType, false)
                .add(RANK, DataTypes.IntegerType, false);
        return asked.orderBy(Recommender.POSITION)
                .select(col(Tables.ITEM_INDEX), col(Tables.ITEM_KEY))
                .flatMap(nearest, Encoders.row(type))
                .join(broadcast(catalogue.shown()), Tables.ITEM_INDEX)
                .select(catalogue.columns("similar_item", List.of(ITEM), List.of(COSINE, RANK)));
    }

    private static List<Row> rows(Row item, ItemVectors vectors, int[] indices, int count) {
        int own = item.getInt(0);
        float[] cosines = new float[indices.length];
        for (int place = 0; place < indices.length; place++) {
            cosines[place] = vectors.cosine(own, indices[place]);
        }
        int[] best = TopItems.of(cosines, Catalogue.places(indices, new int[] {own}), count);
        List<Row> rows = new ArrayList<>(best.length);
        for (int i = 0; i < best.length; i++) {
            rows.add(RowFactory.create(item.get(1), indices[best[i]], (double) cosines[best[i]], i + 1));
        }
        return rows;
    }
}
