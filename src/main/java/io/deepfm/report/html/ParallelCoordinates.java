package io.deepfm.report.html;

import static io.deepfm.report.html.Svg.WIDTH;
import static io.deepfm.report.html.Svg.at;
import static io.deepfm.report.html.Svg.label;
import static io.deepfm.report.html.Svg.line;
import static io.deepfm.report.html.Svg.path;
import static io.deepfm.report.html.Svg.picture;
import static j2html.TagCreator.details;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.li;
import static j2html.TagCreator.ol;
import static j2html.TagCreator.p;
import static j2html.TagCreator.summary;

import j2html.tags.ContainerTag;
import j2html.tags.DomContent;
import java.util.List;

/**
 * One vertical axis per column and one line per row, which crosses each axis at the row's value (Inselberg, The plane with
 * parallel coordinates, 1985). Axes bear numbers, whose names and ends a list below tells: names side by side would not fit a
 * phone.
 *
 * @param title the figure's heading
 * @param about what is to be seen, in a sentence
 * @param axes from left to right
 * @param lines the last one is drawn in colour, above the others
 * @param data the rows behind it
 */
public record ParallelCoordinates(String title, String about, List<Axis> axes, List<double[]> lines, Table data) {

    private static final int HEIGHT = 240;
    private static final int SIDE = 16;
    private static final int TOP = 26;
    private static final int BOTTOM = 12;

    /**
     * An axis.
     *
     * @param name what its values are
     * @param low what its lower end stands for
     * @param high what its upper end stands for
     */
    public record Axis(String name, String low, String high) {}

    /** The figure. Lines are shares of each axis, 0 at its lower end, NaN where a line passes by. */
    public DomContent toHtml() {
        ContainerTag<?> svg = picture(title, about, HEIGHT);
        for (int i = 0; i < axes.size(); i++) {
            svg.with(
                    line("axis", x(i), TOP, x(i), HEIGHT - BOTTOM),
                    label("middle", x(i), TOP - 8, Integer.toString(i + 1)));
        }
        for (int i = 0; i < lines.size(); i++) {
            svg.with(path(i == lines.size() - 1 ? "s0" : "faint", steps(lines.get(i))));
        }
        DomContent names = ol(each(axes, axis -> li(axis.name() + ": " + axis.low() + " to " + axis.high())))
                .withClass("axes");
        return figure(h3(title), svg, names, p(about), details(summary("Data table"), data.toHtml()));
    }

    private String steps(double[] shares) {
        StringBuilder steps = new StringBuilder();
        for (int i = 0; i < shares.length; i++) {
            if (!Double.isNaN(shares[i])) {
                double y = HEIGHT - BOTTOM - shares[i] * (HEIGHT - BOTTOM - TOP);
                steps.append(steps.isEmpty() ? 'M' : 'L')
                        .append(at(x(i)))
                        .append(' ')
                        .append(at(y));
            }
        }
        return steps.toString();
    }

    private double x(int axis) {
        return SIDE + axis * (WIDTH - 2.0 * SIDE) / Math.max(1, axes.size() - 1);
    }
}
