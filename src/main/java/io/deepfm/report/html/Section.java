package io.deepfm.report.html;

import j2html.tags.DomContent;
import java.util.List;

/** One part of the page. Another part is another class in the page's list. */
public interface Section {

    /**
     * Its heading.
     *
     * @return a few words
     */
    String title();

    /**
     * What it shows.
     *
     * @return paragraphs, tables and plots; nothing leaves the section out
     */
    List<DomContent> content();
}
