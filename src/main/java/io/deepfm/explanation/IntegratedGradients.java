package io.deepfm.explanation;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.deepfm.model.embedding.FeatureEmbedding;
import io.deepfm.model.layer.Pass;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * Attributes what a network gives to its inputs, by the gradients on the straight way from 0 to the input.
 *
 * <pre>a_i = x_i * integral_0^1 (df/dx_i)(t x) dt,   sum_i a_i = f(x) - f(0)</pre>
 *
 * <p>The way is cut into panels, at whose ends the network is computed. A panel's mean gradient is taken for a mixture of those at
 * its ends, the one with which its part of the sum comes out as it must: the difference of f between its ends. Where f is
 * piecewise linear, as with relu, this is exact for a panel with one kink; elsewhere it is the trapezoidal rule, corrected. A panel
 * in which the plain trapezoidal rule is off by more than {@value #SPLIT} is halved, down to 1 / {@value #MOST_PANELS} of the way; and
 * so are those without such a mixture, as long as a row's sum lacks more than {@value #TOLERANCE}.
 *
 * @see <a href="https://arxiv.org/abs/1703.01365">Sundararajan et al., Axiomatic Attribution for Deep Networks, 2017, equation 1 and
 *     proposition 1</a>
 */
final class IntegratedGradients {

    /** In units of the output. */
    private static final double SPLIT = 2e-4;

    private static final int PANELS = 32;
    private static final int MOST_PANELS = 65_536;

    /** Points of a forward pass. */
    private static final int POINTS = 2048;

    /** What may be missing of a row's sum. */
    private static final double TOLERANCE = 1e-5;

    /** What may be missing of a panel's sum in single precision. */
    private static final double ROUNDING = 2e-6;

    private final NDManager manager;
    private final BiFunction<NDList, Pass, NDArray> network;
    private final int output;

    /** A place on a row's way: how far along, what the network gives there, and how it changes with each input. */
    private record Point(double at, double value, float[] gradient, double slope) {}

    private record Panel(int row, Point from, Point to) {

        double width() {
            return to.at - from.at;
        }

        double rise() {
            return to.value - from.value;
        }

        /** Whether the plain trapezoidal rule is off. */
        boolean isRough() {
            return isDivisible() && Math.abs(rise() - width() * (from.slope + to.slope) / 2) > SPLIT;
        }

        /** Whether no mixture gives the rise. */
        boolean isShort() {
            return isDivisible() && Math.abs(missing()) > ROUNDING;
        }

        private boolean isDivisible() {
            return width() > 1.0 / MOST_PANELS;
        }

        /** What the best mixture lacks of the rise. */
        double missing() {
            return rise() - width() * (share() * from.slope + (1 - share()) * to.slope);
        }

        /** What the gradient where the panel begins weighs in the mixture. */
        double share() {
            double difference = from.slope - to.slope;
            if (Math.abs(difference) * width() < ROUNDING) {
                return 0.5;
            }
            return Math.min(1, Math.max(0, (rise() / width() - to.slope) / difference));
        }
    }

    /**
     * @param manager of the device
     * @param network makes (B, outputs) of its inputs, each of B rows
     * @param output which of the outputs is attributed
     */
    IntegratedGradients(NDManager manager, BiFunction<NDList, Pass, NDArray> network, int output) {
        this.manager = manager;
        this.network = network;
        this.output = output;
    }

    /**
     * What the network gives for inputs of 0.
     *
     * @param inputs of any rows
     * @return f(0)
     */
    double baseline(NDList inputs) {
        return points(inputs, new int[] {0}, new double[] {0}).get(0).value;
    }

    /**
     * Attributes.
     *
     * @param inputs each of B rows
     * @return for each row the attributions of all its numbers, those of the first input first, and at the end what is missing of {@code
     *     f(x) - f(0)}
     */
    double[][] of(NDList inputs) {
        int rows = (int) inputs.get(0).getShape().get(0);
        double[][] mixed = new double[rows][];
        double[] rises = new double[rows];
        List<Panel> open = panels(inputs, rows);
        while (!open.isEmpty()) {
            Map<Integer, List<Panel>> byRow = open.stream().collect(Collectors.groupingBy(Panel::row));
            List<Panel> kept = new ArrayList<>();
            List<Panel> split = new ArrayList<>();
            byRow.forEach((row, panels) -> {
                Set<Panel> divided = divided(panels);
                for (Panel panel : panels) {
                    if (divided.isEmpty()) {
                        mixed[row] = added(mixed[row], panel);
                        rises[row] += panel.rise();
                    } else if (divided.contains(panel)) {
                        split.add(panel);
                    } else {
                        kept.add(panel);
                    }
                }
            });
            kept.addAll(halves(inputs, split));
            open = kept;
        }
        float[] x = side(inputs).toFloatArray();
        double[][] attributions = new double[rows][];
        for (int row = 0; row < rows; row++) {
            int width = mixed[row].length;
            attributions[row] = new double[width + 1];
            double sum = 0;
            for (int i = 0; i < width; i++) {
                attributions[row][i] = mixed[row][i] * x[row * width + i];
                sum += attributions[row][i];
            }
            attributions[row][width] = rises[row] - sum;
        }
        return attributions;
    }

    /** Which of a row's panels must be halved: the rough ones, and then, if the row does not add up, those that are short. */
    private static Set<Panel> divided(List<Panel> panels) {
        Set<Panel> rough = panels.stream().filter(Panel::isRough).collect(Collectors.toSet());
        double missing = panels.stream().mapToDouble(Panel::missing).sum();
        return !rough.isEmpty() || Math.abs(missing) <= TOLERANCE
                ? rough
                : panels.stream().filter(Panel::isShort).collect(Collectors.toSet());
    }

    private List<Panel> panels(NDList inputs, int rows) {
        int[] row = new int[rows * (PANELS + 1)];
        double[] at = new double[row.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = i / (PANELS + 1);
            at[i] = i % (PANELS + 1) / (double) PANELS;
        }
        List<Point> points = points(inputs, row, at);
        List<Panel> panels = new ArrayList<>();
        for (int i = 1; i < row.length; i++) {
            if (row[i] == row[i - 1]) {
                panels.add(new Panel(row[i], points.get(i - 1), points.get(i)));
            }
        }
        return panels;
    }

    private List<Panel> halves(NDList inputs, List<Panel> panels) {
        int[] row = panels.stream().mapToInt(Panel::row).toArray();
        double[] at = panels.stream()
                .mapToDouble(panel -> (panel.from.at + panel.to.at) / 2)
                .toArray();
        List<Point> middles = points(inputs, row, at);
        List<Panel> halves = new ArrayList<>();
        for (int i = 0; i < row.length; i++) {
            halves.add(new Panel(row[i], panels.get(i).from, middles.get(i)));
            halves.add(new Panel(row[i], middles.get(i), panels.get(i).to));
        }
        return halves;
    }

    private static double[] added(double[] sum, Panel panel) {
        float[] from = panel.from.gradient;
        float[] to = panel.to.gradient;
        double[] result = sum == null ? new double[from.length] : sum;
        double share = panel.share();
        for (int i = 0; i < result.length; i++) {
            result[i] += panel.width() * (share * from[i] + (1 - share) * to[i]);
        }
        return result;
    }

    private List<Point> points(NDList inputs, int[] rows, double[] at) {
        List<Point> points = new ArrayList<>(rows.length);
        for (int start = 0; start < rows.length; start += POINTS) {
            int count = Math.min(POINTS, rows.length - start);
            int[] some = new int[count];
            float[] scales = new float[count];
            for (int i = 0; i < count; i++) {
                some[i] = rows[start + i];
                scales[i] = (float) at[start + i];
            }
            points.addAll(points(inputs, some, scales));
        }
        return points;
    }

    private List<Point> points(NDList inputs, int[] rows, float[] at) {
        try (NDManager scratch = manager.newSubManager();
                NDScope scope = new NDScope();
                Pass pass = Pass.differentiable()) {
            scope.suppressNotUsedWarning();
            NDArray index = scratch.create(rows);
            NDArray scale = scratch.create(at, new Shape(at.length, 1));
            NDArray ends = FeatureEmbedding.gather(side(inputs), index);
            NDList places = split(ends.mul(scale), inputs);
            places.forEach(place -> place.setRequiresGradient(true));
            NDArray outputs = network.apply(places, pass);
            pass.backward(outputs, one(scratch, outputs.getShape()));
            NDList gradients = new NDList();
            places.forEach(place -> gradients.add(place.getGradient()));
            NDArray gradient = side(gradients);
            return list(
                    at,
                    outputs.stopGradient().toFloatArray(),
                    gradient.toFloatArray(),
                    gradient.mul(ends).sum(new int[] {1}).toFloatArray());
        }
    }

    /** Arrays of B rows side by side, shape (B, their widths). */
    private static NDArray side(NDList arrays) {
        NDList flat = new NDList();
        arrays.forEach(array -> flat.add(array.reshape(array.getShape().get(0), -1)));
        return flat.size() == 1 ? flat.get(0) : NDArrays.concat(flat, 1);
    }

    /** The other way round, of as many rows as there are. */
    private static NDList split(NDArray rows, NDList like) {
        NDList parts = new NDList();
        long start = 0;
        for (NDArray array : like) {
            long[] shape = array.getShape().getShape().clone();
            long end = start + array.size() / shape[0];
            shape[0] = rows.getShape().get(0);
            // A copy, as a view of another array gets no gradient of its own.
            parts.add(rows.get(new NDIndex(":, {}:{}", start, end))
                    .reshape(new Shape(shape))
                    .duplicate());
            start = end;
        }
        return parts;
    }

    private List<Point> list(float[] at, float[] values, float[] gradients, float[] slopes) {
        int width = gradients.length / at.length;
        int outputs = values.length / at.length;
        List<Point> points = new ArrayList<>(at.length);
        for (int i = 0; i < at.length; i++) {
            float[] own = Arrays.copyOfRange(gradients, i * width, (i + 1) * width);
            points.add(new Point(at[i], values[i * outputs + output], own, slopes[i]));
        }
        return points;
    }

    /** The gradient of a sum of one output's rows. */
    private NDArray one(NDManager scratch, Shape shape) {
        float[] ones = new float[(int) shape.size()];
        int outputs = (int) shape.get(1);
        for (int i = output; i < ones.length; i += outputs) {
            ones[i] = 1;
        }
        return scratch.create(ones, shape);
    }
}
