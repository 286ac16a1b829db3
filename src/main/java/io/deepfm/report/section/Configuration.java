package io.deepfm.report.section;

import static j2html.TagCreator.h3;
import static j2html.TagCreator.p;

import io.deepfm.config.names.FlatSettings;
import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.html.Numbers;
import io.deepfm.report.html.Section;
import io.deepfm.report.html.Table;
import j2html.tags.DomContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;

/** What this run was made with: settings that are not the defaults, versions, fingerprints. */
record Configuration(RunFacts run) implements Section {

    @Override
    public String title() {
        return "Configuration";
    }

    @Override
    public List<DomContent> content() {
        List<List<String>> differing = differing();
        List<DomContent> content = new ArrayList<>();
        content.add(h3("Settings that differ from the defaults"));
        content.add(
                differing.isEmpty()
                        ? p("None.")
                        : new Table("All others are in results.json", List.of("Setting", "Value", "Default"), differing)
                                .toHtml());
        content.add(h3("Versions"));
        content.add(new Table(
                        "What evaluated this run",
                        List.of("What", "Version"),
                        run.results().environment().entrySet().stream()
                                .map(entry -> List.of(entry.getKey(), String.valueOf(entry.getValue())))
                                .toList())
                .toHtml());
        content.add(h3("Fingerprints"));
        content.add(new Table(
                        "Of each stage's inputs, settings and code",
                        List.of("Stage", "Fingerprint"),
                        run.stages().stream()
                                .map(stage -> List.of(stage.name(), stage.fingerprint()))
                                .toList())
                .toHtml());
        return content;
    }

    private List<List<String>> differing() {
        SortedMap<String, Object> own = FlatSettings.of(run.results().config());
        SortedMap<String, Object> defaults = FlatSettings.of(run.defaults());
        return own.entrySet().stream()
                .filter(entry -> !Objects.equals(text(entry.getValue()), text(defaults.get(entry.getKey()))))
                .map(entry -> List.of(
                        entry.getKey(),
                        text(entry.getValue()),
                        defaults.containsKey(entry.getKey()) ? text(defaults.get(entry.getKey())) : Numbers.NONE))
                .toList();
    }

    /** Numbers read from JSON may be of another type. */
    private static String text(Object value) {
        return value instanceof Number number
                ? String.valueOf(number.doubleValue()).replaceFirst("\\.0$", "")
                : String.valueOf(value);
    }
}
