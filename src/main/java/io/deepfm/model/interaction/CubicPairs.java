package io.deepfm.model.interaction;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import io.deepfm.model.embedding.ItemColumns;
import io.deepfm.model.embedding.Side;
import io.deepfm.model.embedding.SideRows;
import io.deepfm.model.layer.Scale;
import io.deepfm.model.pair.PairTerm;

/**
 * The polynomial of {@link CubicForm} over pairs, with u the fields of one side and v those of the other. Products of one
 * side's fields alone are a number of that side; in all others one factor, or two, come from either:
 *
 * <pre>y = y(u) + y(v) + sum_d sum_v v_d (2 A u + 3 T u u)_d + sum_d sum_u u_d (3 T v v)_d</pre>
 *
 * <p>So beside the two numbers there is one dot product of F * D numbers.
 */
final class CubicPairs implements PairTerm.Dot {

    /** The coefficients of S fields of one side: a, A and T among them, 2 A and 3 T towards the other side's fields. */
    private record Form(NDArray linear, NDArray square, NDArray cube, NDArray toSquare, NDArray toCube) {}

    private final int head;
    private final Form lists;
    private final Form items;
    private final NDArray biasOfElements;
    private final NDArray bias;

    /**
     * @param head whose term it is
     * @param coefficients the polynomial's a, shape (F, 1), A (F, F) and T (F, F * F), symmetric
     * @param biasOfElements what each of the D elements adds, shape (1)
     * @param bias what is added besides, shape (1)
     * @param columns the item's fields
     */
    CubicPairs(int head, NDList coefficients, NDArray biasOfElements, NDArray bias, ItemColumns columns) {
        this.head = head;
        lists = form(coefficients, columns, Side.LIST, Side.ITEM);
        items = form(coefficients, columns, Side.ITEM, Side.LIST);
        this.biasOfElements = biasOfElements;
        this.bias = bias;
    }

    private static Form form(NDList coefficients, ItemColumns columns, Side side, Side other) {
        NDArray a = coefficients.get(0);
        long fields = a.getShape().get(0);
        NDArray square = columns.of(side, coefficients.get(1));
        NDArray last = columns.of(side, coefficients.get(2).reshape(-1, fields));
        NDArray middle = last.reshape(fields, fields, -1).transpose(0, 2, 1).reshape(-1, fields);
        NDArray cube = columns.of(side, middle).reshape(fields, -1);
        return new Form(
                rows(a, columns, side),
                rows(square, columns, side),
                rows(cube, columns, side),
                Scale.by(rows(square, columns, other), 2),
                Scale.by(rows(cube, columns, other), 3));
    }

    private static NDArray rows(NDArray array, ItemColumns columns, Side side) {
        return columns.of(side, array.transpose()).transpose();
    }

    @Override
    public int head() {
        return head;
    }

    @Override
    public NDList constants() {
        NDList constants = new NDList(biasOfElements, bias);
        for (Form form : new Form[] {lists, items}) {
            constants.addAll(new NDList(form.linear(), form.square(), form.cube(), form.toSquare(), form.toCube()));
        }
        return constants;
    }

    @Override
    public Vectors side(SideRows side) {
        NDArray fields = side.views().fields();
        long rows = fields.getShape().get(0);
        NDArray own = fields.reshape(rows, -1);
        NDArray x = Columns.of(fields);
        NDArray products = Columns.products(x, x);
        if (side.side() == Side.ITEM) {
            NDArray towards = flat(items.toCube().matMul(products), rows);
            return new Vectors(value(items, x, products, rows), own.concat(towards, 1));
        }
        NDArray towards =
                flat(lists.toCube().matMul(products).add(lists.toSquare().matMul(x)), rows);
        NDArray constant = Scale.by(biasOfElements, fields.getShape().get(2)).add(bias);
        return new Vectors(value(lists, x, products, rows).add(constant), towards.concat(own, 1));
    }

    /** The polynomial of one side's fields alone, shape (R, 1). */
    private static NDArray value(Form form, NDArray x, NDArray products, long rows) {
        NDArray slopes =
                form.cube().matMul(products).add(form.square().matMul(x)).add(form.linear());
        return Columns.sum(slopes.mul(x).sum(new int[] {0}, true), rows);
    }

    /** (S, R * D) to (R, S * D). */
    private static NDArray flat(NDArray columns, long rows) {
        return Columns.back(columns, rows).reshape(rows, -1);
    }
}
