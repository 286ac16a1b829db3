package io.deepfm.report.html;

import static j2html.TagCreator.a;
import static j2html.TagCreator.body;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h1;
import static j2html.TagCreator.h2;
import static j2html.TagCreator.head;
import static j2html.TagCreator.header;
import static j2html.TagCreator.html;
import static j2html.TagCreator.li;
import static j2html.TagCreator.link;
import static j2html.TagCreator.main;
import static j2html.TagCreator.meta;
import static j2html.TagCreator.nav;
import static j2html.TagCreator.ol;
import static j2html.TagCreator.p;
import static j2html.TagCreator.rawHtml;
import static j2html.TagCreator.section;
import static j2html.TagCreator.style;
import static j2html.TagCreator.title;

import j2html.Config;
import j2html.rendering.FlatHtml;
import j2html.tags.DomContent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * One file that holds all it shows: no script, no picture, nothing from elsewhere, which its content security policy tells
 * the browser too. Every text goes through the builder, which escapes it.
 *
 * @param name the page's title
 * @param about a line below it
 * @param sections its parts, in order
 */
public record Page(String name, String about, List<Section> sections) {

    private static final String STYLE = "/report/report.css";

    /** A section with something to show. */
    private record Part(String id, String title, List<DomContent> content) {}

    /**
     * Writes the page.
     *
     * @return HTML that is well-formed XML, too
     */
    public String toHtml() {
        List<Part> parts = sections.stream()
                .map(part -> new Part(id(part.title()), part.title(), part.content()))
                .filter(part -> !part.content().isEmpty())
                .toList();
        StringBuilder text = new StringBuilder("<!DOCTYPE html>\n");
        try {
            html(pageHead(), pageBody(parts))
                    .withLang("en")
                    .render(FlatHtml.into(text, Config.defaults().withEmptyTagsClosed(true)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.append('\n').toString();
    }

    private DomContent pageHead() {
        return head(
                meta().withCharset("utf-8"),
                meta().withName("viewport").withContent("width=device-width, initial-scale=1"),
                meta().withName("color-scheme").withContent("light dark"),
                meta().attr("http-equiv", "Content-Security-Policy")
                        .withContent("default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
                // Else a browser asks a server for one.
                link().withRel("icon").withHref("data:,"),
                title(name),
                style().with(rawHtml(css())));
    }

    private DomContent pageBody(List<Part> parts) {
        return body(
                a("Skip to the results").withClass("skip").withHref("#main"),
                header(h1(name), p(about).withClass("about")),
                nav(ol(each(parts, part -> li(a(part.title()).withHref("#" + part.id())))))
                        .attr("aria-label", "Sections"),
                main(each(parts, part -> section(h2(part.title()).withId(part.id()), each(part.content(), one -> one))
                                .attr("aria-labelledby", part.id())))
                        .withId("main")
                        .attr("tabindex", "-1"));
    }

    /** A heading as the name of a place in the page. */
    static String id(String title) {
        return title.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    private static String css() {
        try (InputStream in = Page.class.getResourceAsStream(STYLE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
