package io.deepfm.report.html;

import static j2html.TagCreator.caption;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.table;
import static j2html.TagCreator.tbody;
import static j2html.TagCreator.td;
import static j2html.TagCreator.th;
import static j2html.TagCreator.thead;
import static j2html.TagCreator.tr;

import j2html.tags.DomContent;
import j2html.tags.Tag;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table. Where it is wider than the screen it scrolls by itself.
 *
 * @param title what it shows
 * @param columns their names; the first column names the rows
 * @param rows a text for each column
 */
public record Table(String title, List<String> columns, List<List<String>> rows) {

    /**
     * Writes it.
     *
     * @return the table
     */
    public DomContent toHtml() {
        List<Integer> all = IntStream.range(0, columns.size()).boxed().toList();
        return div(table(
                        caption(title),
                        thead(tr(each(all, column -> aligned(th(columns.get(column)), column)
                                .attr("scope", "col")))),
                        tbody(each(
                                rows,
                                row -> tr(
                                        th(row.get(0)).attr("scope", "row"),
                                        each(
                                                all.subList(1, all.size()),
                                                column -> aligned(td(row.get(column)), column)))))))
                .withClass("scroll")
                // So that the keyboard can scroll it.
                .attr("tabindex", "0")
                .attr("role", "region")
                .attr("aria-label", title);
    }

    /** A column of nothing but numbers is aligned by their last digits. */
    private <T extends Tag<T>> T aligned(T cell, int column) {
        boolean isNumeric = column > 0 && rows.stream().allMatch(row -> isNumber(row.get(column)));
        return isNumeric ? cell.attr("class", "number") : cell;
    }

    private static boolean isNumber(String text) {
        return text.matches("[-+–]?[\\d.,]*\\d?(e[-+]?\\d+)?( (%|to [-+–\\d.,]+))?");
    }
}
