package io.deepfm.scoring.task;

import io.deepfm.inference.Batches;
import io.deepfm.inference.FeatureTable;
import io.deepfm.inference.Logits;
import io.deepfm.inference.Scorer;
import io.deepfm.inference.ScoringBatch;
import io.deepfm.inference.ScoringBatch.Features;
import io.deepfm.inference.ScoringBatch.Given;
import io.deepfm.inference.ScoringBatch.Known;
import io.deepfm.schema.DatasetSchema;
import io.deepfm.schema.FieldGroup;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Spliterators;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;

/**
 * Scores a partition's candidate lists in Spark's own rows, in which an array of numbers is one block of memory: a list costs
 * some objects, a candidate none.
 *
 * @param scorer the model
 * @param schema the model's fields
 * @param user the column of the user's index
 * @param items the column of the items' indices
 * @param context the columns of the context fields
 */
public record ListScoring(ExecutorScorer scorer, DatasetSchema schema, int user, int items, int[] context)
        implements Serializable {

    /** A list with its user's features. */
    private record Listed(InternalRow row, int[] items, FeatureTable users, FeatureTable context) {}

    /**
     * Scores.
     *
     * @param lists the rows, ascending by the user's index where users have features
     * @param users what {@link UserFeatures} gives for the same partition; nothing where users have no features
     * @return the rows with two more columns, the logits that rank the items and the logit of the first one's label
     */
    public Iterator<InternalRow> of(Iterator<InternalRow> lists, Iterator<InternalRow> users) {
        if (!lists.hasNext()) {
            return lists;
        }
        Scorer model = scorer.forTask();
        UserFeatures.Cursor cursor = new UserFeatures.Cursor(users);
        boolean hasUsers = !schema.fields(FieldGroup.USER).isEmpty();
        Iterator<Listed> listed = stream(lists)
                // Spark uses a row again for the next.
                .map(row -> listed(row.copy(), hasUsers ? cursor : null))
                .iterator();
        return stream(new Batches<>(listed, Scorer.MANY, list -> list.items().length))
                .flatMap(batch -> scored(batch, model))
                .iterator();
    }

    private Listed listed(InternalRow row, UserFeatures.Cursor users) {
        FeatureRows features = new FeatureRows(schema.fields(FieldGroup.USER));
        if (users != null) {
            users.addTo(features, row.getInt(user));
        }
        FeatureRows its = new FeatureRows(schema.fields(FieldGroup.CONTEXT));
        its.add(row, context);
        return new Listed(row, row.getArray(items).toIntArray(), features.table(), its.table());
    }

    private static Stream<InternalRow> scored(List<Listed> lists, Scorer model) {
        int[] offsets = new int[lists.size() + 1];
        for (int i = 0; i < lists.size(); i++) {
            offsets[i + 1] = offsets[i] + lists.get(i).items().length;
        }
        int[] all = new int[offsets[lists.size()]];
        for (int i = 0; i < lists.size(); i++) {
            System.arraycopy(lists.get(i).items(), 0, all, offsets[i], offsets[i + 1] - offsets[i]);
        }
        Features users =
                new Given(FeatureTable.concat(lists.stream().map(Listed::users).toList()));
        Features context = new Given(
                FeatureTable.concat(lists.stream().map(Listed::context).toList()));
        Logits logits = model.logits(new ScoringBatch(offsets, users, new Known(all), context));
        return IntStream.range(0, lists.size())
                .mapToObj(i -> new JoinedRow(lists.get(i).row(), row(logits, offsets[i], offsets[i + 1])));
    }

    private static InternalRow row(Logits logits, int start, int end) {
        float[] ranking = Arrays.copyOfRange(logits.ranking(), start, end);
        return new GenericInternalRow(new Object[] {UnsafeArrayData.fromPrimitiveArray(ranking), logits.like()[start]});
    }

    private static <T> Stream<T> stream(Iterator<T> elements) {
        return StreamSupport.stream(Spliterators.spliteratorUnknownSize(elements, 0), false);
    }
}
