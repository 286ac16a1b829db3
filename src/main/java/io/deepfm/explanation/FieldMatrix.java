package io.deepfm.explanation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A number for each pair of fields.
 *
 * @param name what it is of: a head of the model or of its attention
 * @param fields the fields of rows and of columns
 * @param values by row and column; NaN where there is none
 */
public record FieldMatrix(String name, List<String> fields, double[][] values) {

    /**
     * A pair of fields.
     *
     * @param first the row's
     * @param second the column's
     * @param value their number
     */
    public record Pair(String first, String second, double value) {}

    /**
     * The pairs.
     *
     * @return the largest first; of a matrix that is NaN below its diagonal each pair once
     */
    public List<Pair> pairs() {
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < values.length; j++) {
                if (!Double.isNaN(values[i][j])) {
                    pairs.add(new Pair(fields.get(i), fields.get(j), values[i][j]));
                }
            }
        }
        pairs.sort(Comparator.comparingDouble(Pair::value).reversed());
        return pairs;
    }

    /**
     * The mean of some matrices of the same fields.
     *
     * @param name what to call it
     * @param matrices at least one
     * @return their mean, number by number
     */
    public static FieldMatrix mean(String name, List<FieldMatrix> matrices) {
        int size = matrices.get(0).values.length;
        double[][] mean = new double[size][size];
        for (FieldMatrix matrix : matrices) {
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < size; j++) {
                    mean[i][j] += matrix.values[i][j] / matrices.size();
                }
            }
        }
        return new FieldMatrix(name, matrices.get(0).fields, mean);
    }
}
