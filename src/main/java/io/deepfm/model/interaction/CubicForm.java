package io.deepfm.model.interaction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDScope;
import io.deepfm.model.layer.Pass;

/**
 * A polynomial of order three in the fields, element by element, summed over the elements.
 *
 * <pre>y = sum_d sum_f x_fd s_fd,   s_fd = a_f + sum_g A_fg x_gd + sum_gh T_fgh x_gd x_hd</pre>
 *
 * <p>A and T must be symmetric in all places. Then the gradient needs nothing but the three sums of which s is made: each
 * stands for as many equal ones as it has an order (Euler's theorem on homogeneous functions).
 *
 * <pre>dy/dx_fd = a_f + 2 sum_g A_fg x_gd + 3 sum_gh T_fgh x_gd x_hd</pre>
 *
 * <p>The inputs are the fields, shape (B, F, D), then a (F, 1), A (F, F) and T (F, F * F); those of several polynomials one
 * below the other.
 */
final class CubicForm implements Pass.Term {

    /** Rows at a time, so that the products of all pairs of some fields stay in the cache. */
    private static final int CHUNK = 256;

    private final boolean goesBack;
    private final NDList slopes = new NDList();

    CubicForm(boolean goesBack) {
        this.goesBack = goesBack;
    }

    @Override
    public NDArray forward(NDList inputs) {
        NDArray a = inputs.get(1);
        NDList results = new NDList();
        for (NDArray rows : Columns.chunks(inputs.get(0), CHUNK)) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray x = Columns.of(rows);
                NDArray second = inputs.get(2).matMul(x);
                NDArray third = inputs.get(3).matMul(Columns.products(x, x));
                NDArray sums = heads(second.add(third).addi(a), x)
                        .muli(x.expandDims(0))
                        .sum(new int[] {1});
                results.add(Columns.sum(sums, rows.getShape().get(0)));
                NDScope.unregister(results.get(results.size() - 1));
                if (goesBack) {
                    slopes.add(third.muli(3).addi(second.muli(2)).addi(a));
                    NDScope.unregister(slopes.get(slopes.size() - 1));
                }
            }
        }
        slopes.forEach(NDScope::register);
        results.forEach(NDScope::register);
        return NDArrays.concat(results);
    }

    @Override
    public NDList backward(NDList inputs, NDArray gradient) {
        NDList chunks = Columns.chunks(inputs.get(0), CHUNK);
        NDList gradients = Columns.chunks(gradient, CHUNK);
        NDArray a = inputs.get(1).zerosLike();
        NDArray square = inputs.get(2).zerosLike();
        NDArray cube = inputs.get(3).zerosLike();
        NDList fields = new NDList();
        for (int i = 0; i < chunks.size(); i++) {
            try (NDScope scope = new NDScope()) {
                scope.suppressNotUsedWarning();
                NDArray rows = chunks.get(i);
                NDArray x = Columns.of(rows);
                NDArray g = Columns.repeat(gradients.get(i), rows.getShape().get(2));
                NDArray weighted = x.expandDims(0)
                        .mul(g.expandDims(1))
                        .reshape(-1, x.getShape().get(1));
                a.addi(weighted.sum(new int[] {1}, true));
                square.addi(weighted.matMul(x.transpose()));
                cube.addi(weighted.matMul(Columns.products(x, x).transpose()));
                NDArray slope = heads(slopes.get(i), x).muli(g.expandDims(1)).sum(new int[] {0});
                fields.add(Columns.back(slope, rows.getShape().get(0)));
                NDScope.unregister(fields.get(i));
            }
        }
        fields.forEach(NDScope::register);
        return new NDList(NDArrays.concat(fields), a, square, cube);
    }

    /** A field's rows of each polynomial: (H * F, N) to (H, F, N). */
    private static NDArray heads(NDArray rows, NDArray x) {
        return rows.reshape(-1, x.getShape().get(0), x.getShape().get(1));
    }
}
