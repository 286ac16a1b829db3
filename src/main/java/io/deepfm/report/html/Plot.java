package io.deepfm.report.html;

import static io.deepfm.report.html.Svg.WIDTH;
import static io.deepfm.report.html.Svg.at;
import static io.deepfm.report.html.Svg.dot;
import static io.deepfm.report.html.Svg.label;
import static io.deepfm.report.html.Svg.line;
import static io.deepfm.report.html.Svg.path;
import static io.deepfm.report.html.Svg.picture;
import static j2html.TagCreator.details;
import static j2html.TagCreator.each;
import static j2html.TagCreator.figure;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.iff;
import static j2html.TagCreator.li;
import static j2html.TagCreator.p;
import static j2html.TagCreator.span;
import static j2html.TagCreator.summary;
import static j2html.TagCreator.tag;
import static j2html.TagCreator.text;
import static j2html.TagCreator.ul;

import io.deepfm.report.statistics.Interval;
import j2html.tags.ContainerTag;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Plots, each as a figure with its heading, its legend and its data in a table. They are SVG whose colours are the style sheet's,
 * narrow enough for a phone; there and in print the text keeps a readable size.
 */
public final class Plot {

    /**
     * A curve.
     *
     * @param name what the legend calls it
     * @param values one for each x; NaN where there is none
     */
    public record Series(String name, double[] values) {}

    /**
     * A bar.
     *
     * @param label what it stands for
     * @param value its length, none below 0; NaN for no value
     * @param interval the interval of the value, where it has one
     * @param about further columns of the data table
     */
    public record Bar(String label, double value, Optional<Interval> interval, List<String> about) {}

    /**
     * A vertical line.
     *
     * @param x where it stands
     * @param label what it says
     */
    public record Marker(double x, String label) {}

    private static final int HEIGHT = 280;
    private static final int LEFT = 50;
    private static final int RIGHT = 20;
    private static final int TOP = 38;
    private static final int BOTTOM = 42;

    /** So many points at most get a dot. */
    private static final int DOTS = 30;

    private static final int BAR = 26;
    private static final int LABEL_LETTERS = 18;
    private static final int LABEL_WIDTH = 136;
    private static final int VALUE_WIDTH = 58;

    private Plot() {}

    /**
     * Curves over one x axis.
     *
     * @param title the figure's heading
     * @param about what is to be seen, in a sentence
     * @param xName what x is
     * @param yName what y is
     * @param x ascending
     * @param series the curves
     * @param marker an x to mark with a line, and what it says
     * @return the figure
     */
    public static DomContent lines(
            String title,
            String about,
            String xName,
            String yName,
            double[] x,
            List<Series> series,
            Optional<Marker> marker) {
        double[] all = series.stream()
                .flatMapToDouble(one -> Arrays.stream(one.values()))
                .filter(Double::isFinite)
                .toArray();
        double low = Arrays.stream(all).min().orElse(0);
        double high = Arrays.stream(all).max().orElse(1);
        // A curve near 0 is easier to judge with 0 in sight.
        Axis y = Axis.around(low >= 0 && low <= high / 2 ? 0 : low, high, 5);
        Axis over = Axis.within(x[0], x[x.length - 1], 6);
        ContainerTag<?> svg = picture(title, about, HEIGHT);
        grid(svg, over, y, xName, yName);
        marker.ifPresent(mark -> marker(svg, over, mark));
        for (int i = 0; i < series.size(); i++) {
            curve(svg, over, y, x, series.get(i).values(), i);
        }
        List<String> columns = new ArrayList<>(List.of(xName));
        series.forEach(one -> columns.add(one.name()));
        List<List<String>> rows = IntStream.range(0, x.length)
                .mapToObj(point -> {
                    List<String> row = new ArrayList<>(List.of(Numbers.plain(x[point])));
                    series.forEach(one -> row.add(Numbers.plain(one.values()[point])));
                    return row;
                })
                .toList();
        return framed(title, about, svg, legend(series), new Table(title, columns, rows));
    }

    /**
     * Horizontal bars, each with its value and, where there is one, its interval.
     *
     * @param title the figure's heading
     * @param about what is to be seen, in a sentence
     * @param what what a bar stands for
     * @param valueName what its length is
     * @param columns the further columns of the data table
     * @param bars from top to bottom
     * @return the figure
     */
    public static DomContent bars(
            String title, String about, String what, String valueName, List<String> columns, List<Bar> bars) {
        double longest = bars.stream()
                .mapToDouble(bar -> Math.max(
                        Double.isNaN(bar.value()) ? 0 : bar.value(),
                        bar.interval().map(Interval::high).orElse(0.0)))
                .max()
                .orElse(1);
        Axis x = new Axis(0, longest > 0 ? longest : 1, 1);
        ContainerTag<?> svg = picture(title, about, BAR * bars.size() + 8);
        for (int i = 0; i < bars.size(); i++) {
            bar(svg, x, bars.get(i), 4 + BAR * i);
        }
        boolean intervals = bars.stream().anyMatch(bar -> bar.interval().isPresent());
        List<String> names = new ArrayList<>(List.of(what, valueName));
        if (intervals) {
            names.add("95 % interval");
        }
        names.addAll(columns);
        List<List<String>> rows = bars.stream()
                .map(bar -> {
                    List<String> row = new ArrayList<>(List.of(bar.label(), Numbers.plain(bar.value())));
                    if (intervals) {
                        row.add(Numbers.interval(bar.interval()));
                    }
                    row.addAll(bar.about());
                    return row;
                })
                .toList();
        return framed(title, about, svg, text(""), new Table(title, names, rows));
    }

    private static DomContent framed(String title, String about, DomContent svg, DomContent legend, Table data) {
        return figure(h3(title), svg, legend, p(about), details(summary("Data table"), data.toHtml()));
    }

    private static void grid(ContainerTag<?> svg, Axis x, Axis y, String xName, String yName) {
        for (double tick : y.ticks()) {
            svg.with(line("grid", LEFT, y(y, tick), WIDTH - RIGHT, y(y, tick)));
            svg.with(label("end", LEFT - 6, y(y, tick) + 4, y.text(tick)));
        }
        for (double tick : x.ticks()) {
            svg.with(line("tick", x(x, tick), HEIGHT - BOTTOM, x(x, tick), HEIGHT - BOTTOM + 4));
            svg.with(label("middle", x(x, tick), HEIGHT - BOTTOM + 17, x.text(tick)));
        }
        svg.with(
                line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM),
                label("start", 2, 13, yName),
                label("end", WIDTH - RIGHT, HEIGHT - 6, xName));
    }

    private static void marker(ContainerTag<?> svg, Axis x, Marker mark) {
        double at = x(x, mark.x());
        boolean left = at > WIDTH / 2.0;
        svg.with(
                line("marker", at, TOP - 8, at, HEIGHT - BOTTOM),
                label(left ? "end" : "start", at + (left ? -4 : 4), TOP - 6, mark.label()));
    }

    /** A curve has gaps where it has no values. */
    private static void curve(ContainerTag<?> svg, Axis x, Axis y, double[] xs, double[] values, int number) {
        StringBuilder path = new StringBuilder();
        boolean drawing = false;
        for (int i = 0; i < xs.length; i++) {
            if (Double.isFinite(values[i])) {
                path.append(drawing ? 'L' : 'M')
                        .append(at(x(x, xs[i])))
                        .append(' ')
                        .append(at(y(y, values[i])));
                if (xs.length <= DOTS) {
                    svg.with(dot(color(number), x(x, xs[i]), y(y, values[i])));
                }
            }
            drawing = Double.isFinite(values[i]);
        }
        svg.with(path(color(number), path.toString()));
    }

    private static void bar(ContainerTag<?> svg, Axis x, Bar bar, int top) {
        int width = WIDTH - LABEL_WIDTH - VALUE_WIDTH;
        double middle = top + BAR / 2.0;
        svg.with(label("end", LABEL_WIDTH - 6, middle + 4, Svg.shortened(bar.label(), LABEL_LETTERS)));
        svg.with(label("end", WIDTH - 2, middle + 4, Numbers.plain(bar.value())));
        if (!Double.isNaN(bar.value())) {
            svg.with(Svg.bar(LABEL_WIDTH, top + 4, width * Math.max(0, x.share(bar.value())), BAR - 8));
        }
        bar.interval().ifPresent(ends -> {
            double low = LABEL_WIDTH + width * x.share(Math.max(0, ends.low()));
            double high = LABEL_WIDTH + width * x.share(ends.high());
            svg.with(
                    line("whisker", low, middle, high, middle),
                    line("whisker", low, middle - 4, low, middle + 4),
                    line("whisker", high, middle - 4, high, middle + 4));
        });
    }

    private static DomContent legend(List<Series> series) {
        return iff(
                series.size() > 1,
                ul(each(
                                IntStream.range(0, series.size()).boxed().toList(),
                                i -> li(
                                        tag("svg")
                                                .attr("viewBox", "0 0 28 10")
                                                .attr("aria-hidden", "true")
                                                .with(path(color(i), "M0 5L28 5")),
                                        span(series.get(i).name()))))
                        .withClass("legend"));
    }

    /** Also told by its dashes, for those who see no colours. */
    private static String color(int number) {
        return "s" + number % 8;
    }

    private static double x(Axis axis, double value) {
        return LEFT + axis.share(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(Axis axis, double value) {
        return HEIGHT - BOTTOM - axis.share(value) * (HEIGHT - BOTTOM - TOP);
    }
}
