package io.deepfm.report.html;

import static io.deepfm.report.html.Svg.WIDTH;
import static io.deepfm.report.html.Svg.label;
import static io.deepfm.report.html.Svg.picture;
import static j2html.TagCreator.details;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;
import static j2html.TagCreator.summary;

import j2html.tags.ContainerTag;
import j2html.tags.DomContent;
import java.util.Arrays;
import java.util.List;

/**
 * A square of cells, the stronger the larger their number. Columns bear the numbers of the rows, whose names would not fit side by
 * side.
 *
 * @param title the figure's heading
 * @param about what is to be seen, in a sentence
 * @param names of rows and columns
 * @param values by row and column, not below 0; NaN for no cell
 * @param data the numbers behind it
 */
public record HeatMap(String title, String about, List<String> names, double[][] values, Table data) {

    private static final int LEFT = 142;
    private static final int RIGHT = 4;
    private static final int TOP = 22;
    private static final int LETTERS = 16;
    private static final int LOWEST = 15;
    private static final int HIGHEST = 26;

    /** A column's number needs so much room. */
    private static final int NUMBER = 20;

    /** The figure. */
    public DomContent toHtml() {
        double width = (WIDTH - LEFT - RIGHT) / (double) names.size();
        double height = Math.max(LOWEST, Math.min(HIGHEST, width));
        double most = Arrays.stream(values)
                .flatMapToDouble(Arrays::stream)
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(1);
        ContainerTag<?> svg = picture(title, about, (int) Math.ceil(TOP + height * names.size()) + 4);
        int every = (int) Math.ceil(NUMBER / width);
        for (int i = 0; i < names.size(); i++) {
            double top = TOP + height * i;
            String name = i + 1 + " " + Svg.shortened(names.get(i), LETTERS);
            svg.with(label("end", LEFT - 6, top + height / 2 + 4, name));
            if (i % every == 0) {
                svg.with(label("middle", LEFT + width * (i + 0.5), TOP - 7, Integer.toString(i + 1)));
            }
            for (int j = 0; j < names.size(); j++) {
                if (!Double.isNaN(values[i][j])) {
                    svg.with(Svg.cell(LEFT + width * j, top, width, height, most > 0 ? values[i][j] / most : 0));
                }
            }
        }
        return figure(h3(title), svg, p(about), details(summary("Data table"), data.toHtml()));
    }
}
