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
import java.util.List;

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
        return div(table(
                        caption(title),
                        thead(tr(each(columns, column -> th(column).attr("scope", "col")))),
                        tbody(each(
                                rows,
                                row -> tr(
                                        th(row.get(0)).attr("scope", "row"),
                                        each(row.subList(1, row.size()), Table::cell))))))
                .withClass("scroll")
                // So that the keyboard can scroll it.
                .attr("tabindex", "0")
                .attr("role", "region")
                .attr("aria-label", title);
    }

    private static DomContent cell(String text) {
        return isNumber(text) ? td(text).withClass("number") : td(text);
    }

    private static boolean isNumber(String text) {
        return text.matches("[-+–]?[\\d.,]*\\d?(e[-+]?\\d+)?( (%|to [-+–\\d.,]+))?");
    }
}
