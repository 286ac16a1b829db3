package io.deepfm.report.html;

import static j2html.TagCreator.tag;

import j2html.tags.ContainerTag;
import j2html.tags.DomContent;
import java.util.Locale;

/** The pieces of a picture. What they look like says the style sheet, by their class. */
final class Svg {

    /** All pictures are as wide, in units that are pixels on a phone. */
    static final int WIDTH = 420;

    private Svg() {}

    /** An empty picture with its name and description for those who do not see it. */
    static ContainerTag<?> picture(String title, String about, int height) {
        return tag("svg")
                .attr("xmlns", "http://www.w3.org/2000/svg")
                .attr("viewBox", "0 0 " + WIDTH + " " + height)
                .attr("role", "img")
                .attr("aria-label", title)
                .with(tag("title").withText(title), tag("desc").withText(about));
    }

    static DomContent line(String kind, double x1, double y1, double x2, double y2) {
        return tag("line")
                .attr("class", kind)
                .attr("x1", at(x1))
                .attr("y1", at(y1))
                .attr("x2", at(x2))
                .attr("y2", at(y2));
    }

    /** Words that start, have their middle or end at x. */
    static DomContent label(String anchor, double x, double y, String words) {
        return tag("text")
                .attr("text-anchor", anchor)
                .attr("x", at(x))
                .attr("y", at(y))
                .withText(words);
    }

    static DomContent dot(String color, double x, double y) {
        return tag("circle")
                .attr("class", color + " dot")
                .attr("cx", at(x))
                .attr("cy", at(y))
                .attr("r", 2.5);
    }

    static DomContent path(String color, String steps) {
        return tag("path").attr("class", color + " line").attr("d", steps);
    }

    static DomContent bar(double x, double y, double width, double height) {
        return tag("rect")
                .attr("class", "bar")
                .attr("x", at(x))
                .attr("y", at(y))
                .attr("width", at(width))
                .attr("height", at(height));
    }

    /** A cell as strong as a share from 0 to 1. */
    static DomContent cell(double x, double y, double width, double height, double share) {
        return tag("rect")
                .attr("class", "cell")
                .attr("x", at(x))
                .attr("y", at(y))
                .attr("width", at(width))
                .attr("height", at(height))
                .attr("fill-opacity", String.format(Locale.ROOT, "%.2f", share));
    }

    /** A label of no more than so many letters. */
    static String shortened(String label, int letters) {
        return label.codePointCount(0, label.length()) <= letters
                ? label
                : label.substring(0, label.offsetByCodePoints(0, letters - 1)).strip() + "…";
    }

    /** A place, to a tenth of a unit. */
    static String at(double place) {
        return String.format(Locale.ROOT, "%.1f", place).replaceFirst("\\.0$", "");
    }
}
