package io.deepfm.report.section;

import static j2html.TagCreator.article;
import static j2html.TagCreator.div;
import static j2html.TagCreator.each;
import static j2html.TagCreator.h3;
import static j2html.TagCreator.h4;
import static j2html.TagCreator.li;
import static j2html.TagCreator.ol;
import static j2html.TagCreator.p;
import static j2html.TagCreator.span;
import static j2html.TagCreator.ul;

import io.deepfm.report.facts.ExampleUser;
import io.deepfm.report.facts.ExampleUser.Item;
import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.html.Section;
import j2html.tags.DomContent;
import java.util.List;
import java.util.Locale;

/** Some users, their past, and what the model would show them. */
record ExampleUsers(RunFacts run) implements Section {

    @Override
    public String title() {
        return "Example users";
    }

    @Override
    public List<DomContent> content() {
        if (run.examples().isEmpty()) {
            return List.of();
        }
        return List.of(
                p(
                        "Users drawn by chance, the same for every run over this data, with the latest interactions of train and"
                                + " validation and the first ten of their candidates. The held-out item is marked where it is among"
                                + " them."),
                div(each(run.examples(), ExampleUsers::user)).withClass("users"));
    }

    private static DomContent user(ExampleUser user) {
        return article(
                h3("User " + user.key()),
                p(String.format(
                        Locale.ROOT,
                        "Held out: %s, at rank %,d of %,d.",
                        user.heldOut().name(),
                        user.rank(),
                        user.candidates())),
                h4("Latest interactions"),
                user.history().isEmpty() ? p("None.") : ul(each(user.history(), item -> li(item.name()))),
                h4("First ten candidates"),
                ol(each(user.first(), item -> li(item(item, user)))));
    }

    private static DomContent item(Item item, ExampleUser user) {
        return item.index() == user.heldOut().index()
                ? span(item.name() + " (hit)").withClass("hit")
                : span(item.name());
    }
}
