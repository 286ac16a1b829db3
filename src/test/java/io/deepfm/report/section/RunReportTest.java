package io.deepfm.report.section;

import static org.assertj.core.api.Assertions.assertThat;

import io.deepfm.explanation.FieldImportance;
import io.deepfm.explanation.FieldMatrix;
import io.deepfm.explanation.Interactions;
import io.deepfm.explanation.ModelExplanation;
import io.deepfm.report.BaselineResult;
import io.deepfm.report.Provenance.TrainingInfo;
import io.deepfm.report.Results;
import io.deepfm.report.facts.Catalogue;
import io.deepfm.report.facts.ExampleUser;
import io.deepfm.report.facts.ExampleUser.Item;
import io.deepfm.report.facts.FieldValues;
import io.deepfm.report.facts.RunFacts;
import io.deepfm.report.facts.StageFacts;
import io.deepfm.report.statistics.HeldOutMetrics;
import io.deepfm.report.statistics.HeldOutRow;
import io.deepfm.schema.FieldGroup;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class RunReportTest {

    private static final String HOSTILE = "<script>alert(\"1\")</script> & 'Tom & Jerry'";

    private final Document page = parse(RunReport.of(ranking()).toHtml());

    private static Document parse(String html) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(html.replace("<!DOCTYPE html>", ""))));
        } catch (Exception e) {
            throw new AssertionError("The page is not well-formed", e);
        }
    }

    /** Eighty users, of whom sixty are ranked. */
    private static RunFacts ranking() {
        List<HeldOutRow> rows = IntStream.range(0, 80)
                .mapToObj(user -> new HeldOutRow(
                        user,
                        user % 8,
                        user,
                        user % 4 == 0 ? 0 : 1,
                        user % 2 == 0 ? 1 : 30,
                        100,
                        user % 4 - 1.5f,
                        0.9,
                        List.of(user % 8, 9)))
                .toList();
        Map<Integer, Long> activity = new HashMap<>();
        rows.forEach(row -> activity.put(row.user(), (long) row.user()));
        List<Long> ranks = new ArrayList<>(Collections.nCopies(BaselineResult.RANKS, 0L));
        ranks.set(0, 3L);
        Map<String, BaselineResult> baselines = Map.of(
                "popularity",
                new BaselineResult(
                        Map.of(), Map.of(), Map.of("HR@10", 0.1, "NDCG@10", 0.1, "lists_ranked", 30.0), ranks, null),
                "ease",
                BaselineResult.absent(HOSTILE));
        List<FieldValues> fields = List.of(new FieldValues(
                "color",
                rows.stream()
                        .map(row -> List.of(row.user() < 40 ? HOSTILE : FieldValues.UNKNOWN))
                        .toList()));
        List<ExampleUser> examples = List.of(new ExampleUser(
                HOSTILE,
                List.of(new Item(1, HOSTILE)),
                List.of(new Item(0, "first"), new Item(2, HOSTILE)),
                new Item(2, HOSTILE),
                2,
                100));
        return facts(
                Map.of("HR@10", 0.5, "NDCG@10", 0.5, "users_ranked", 30.0, "lists_ranked", 30.0, "auc_heldout", 0.7),
                baselines,
                rows,
                true,
                fields,
                Optional.of(new Catalogue(new int[] {5, 4, 3, 2, 1, 1, 1, 1, 1, 0}, 40, activity)),
                examples);
    }

    private static RunFacts facts(
            Map<String, Double> test,
            Map<String, BaselineResult> baselines,
            List<HeldOutRow> rows,
            boolean hasUsers,
            List<FieldValues> fields,
            Optional<Catalogue> catalogue,
            List<ExampleUser> examples) {
        Results results = new Results(
                "20260101-120000-deepfm",
                "2026-01-01T12:00:00Z",
                Map.of("model_name", "deepfm", "seed", 7, "training", Map.of("metric", "auc", "lr", 0.01)),
                Map.of(),
                test,
                baselines,
                null,
                List.of(HOSTILE),
                new TrainingInfo(2, 2, 1000L, "dense", "cpu", 1, 1.0, 100.0, 0.1, 0.1),
                Map.of("split", Map.of("train", 100L, "train_positive", 50L), "encode", Map.of("users", 40L)),
                Map.of("encode", 1.5),
                Map.of("java", "17"));
        return new RunFacts(
                results,
                Map.of("model_name", "deepfm", "seed", 42.0, "training", Map.of("metric", "auc", "lr", 0.01)),
                List.of(
                        Map.of("epoch", 1.0, "train_loss", 0.5, "val_auc", 0.6, "learning_rate", 0.01),
                        Map.of("epoch", 2.0, "train_loss", 0.4, "val_auc", Double.NaN, "learning_rate", 0.01)),
                List.of(new StageFacts("encode", "abc", Map.of("train", 300L), 1.5)),
                new HeldOutMetrics(rows, row -> row.label() == 1, hasUsers),
                rows.size(),
                fields,
                catalogue,
                examples,
                Optional.of(explanation()));
    }

    private static ModelExplanation explanation() {
        List<String> fields = List.of("color", HOSTILE);
        double none = Double.NaN;
        return new ModelExplanation(
                "auc",
                0.75,
                20,
                80,
                2000,
                List.of(
                        new FieldImportance("color", FieldGroup.ITEM, List.of(0.1, 0.2, 0.3)),
                        new FieldImportance(HOSTILE, FieldGroup.USER, List.of(-0.1, 0.0, -0.2))),
                new Interactions(
                        List.of(new FieldMatrix("logit", fields, new double[][] {{none, 0.5}, {none, none}})),
                        List.of(List.of(
                                new FieldMatrix("head 1", fields, new double[][] {{1, 0}, {0.5, 0.5}}),
                                new FieldMatrix("head 2", fields, new double[][] {{0.5, 0.5}, {0, 1}})))));
    }

    @Test
    void fieldsThatMatterHaveBarsPairsCellsAndAttentionItsMean() {
        String text = text(page, "Which fields matter");
        assertThat(text)
                .contains(
                        "20 of 80 lists with 100 candidates each",
                        "auc (0.7500 on the sample)",
                        "the mean of 3 repeats")
                .contains("The strongest: color with " + HOSTILE + ", 0.5000")
                .contains("the mean over 2 heads", "The largest: color to color, 0.7500");
        assertThat(all("rect"))
                .filteredOn(rect -> rect.getAttribute("class").equals("cell"))
                .extracting(rect -> rect.getAttribute("fill-opacity"))
                .containsExactly("1.00", "1.00", "0.33", "0.33", "1.00");
        assertThat(all("rect")).allSatisfy(rect -> assertThat(Double.parseDouble(rect.getAttribute("width")))
                .isNotNegative());
    }

    private static String text(Document page, String heading) {
        return all(page, "section").stream()
                .map(Element::getTextContent)
                .filter(text -> text.startsWith(heading))
                .findFirst()
                .orElseThrow();
    }

    private List<Element> all(String tag) {
        return all(page, tag);
    }

    private static List<Element> all(Document page, String tag) {
        NodeList found = page.getElementsByTagName(tag);
        return IntStream.range(0, found.getLength())
                .mapToObj(i -> (Element) found.item(i))
                .toList();
    }

    @Test
    void theSectionsComeInTheirOrder() {
        assertThat(all("h2"))
                .extracting(Element::getTextContent)
                .containsExactly(
                        "Verdict",
                        "Training",
                        "Hits by K",
                        "Rank of the held-out item",
                        "Labels of the held-out rows",
                        "Slices",
                        "Beyond accuracy",
                        "Example users",
                        "Which fields matter",
                        "Data",
                        "Time",
                        "Configuration");
    }

    @Test
    void theVerdictSaysWhoWins() {
        assertThat(page.getElementsByTagName("main").item(0).getTextContent())
                .contains("deepfm ranks the held-out item among the first 10 for 50.0 % of 30 users")
                .contains("The best baseline, popularity, reaches 10.0 %, which the whole interval beats.");
    }

    @Test
    void textsAreEscapedWhereverTheyComeFrom() {
        String html = RunReport.of(ranking()).toHtml();
        assertThat(html).doesNotContain("<script").contains("&lt;script&gt;");
        assertThat(all("script")).isEmpty();
        // The warning, the absent baseline, the user, the histories and the slices.
        assertThat(page.getDocumentElement().getTextContent().split(Pattern.quote(HOSTILE), -1).length)
                .isGreaterThan(6);
    }

    @Test
    void nothingIsLoadedFromElsewhere() {
        String html = RunReport.of(ranking()).toHtml();
        assertThat(html.replace("http://www.w3.org/2000/svg", "")).doesNotContain("http:", "https:", "url(", "@import");
        assertThat(all("a")).extracting(link -> link.getAttribute("href")).allMatch(target -> target.startsWith("#"));
        assertThat(all("link")).extracting(link -> link.getAttribute("href")).containsExactly("data:,");
        assertThat(html.length()).isLessThan(500_000);
    }

    @Test
    void everyPlotHasATextAndATable() {
        List<Element> figures = all("figure");
        assertThat(figures).hasSizeGreaterThan(12).allSatisfy(figure -> {
            Element svg = (Element) figure.getElementsByTagName("svg").item(0);
            assertThat(svg.getAttribute("role")).isEqualTo("img");
            assertThat(svg.getAttribute("aria-label")).isNotBlank();
            assertThat(svg.getElementsByTagName("desc").item(0).getTextContent())
                    .isNotBlank();
            Element details = (Element) figure.getElementsByTagName("details").item(0);
            assertThat(details.getElementsByTagName("tr").getLength()).isGreaterThan(1);
        });
    }

    @Test
    void tablesTellWhatTheyShowAndWhatTheirHeadingsAreOf() {
        assertThat(all("table")).allSatisfy(table -> {
            assertThat(table.getElementsByTagName("caption").getLength()).isOne();
            assertThat(table.getElementsByTagName("th").getLength()).isPositive();
        });
        assertThat(all("th")).extracting(cell -> cell.getAttribute("scope")).containsOnly("col", "row");
    }

    @Test
    void linksLeadToPlacesOfTheirOwn() {
        List<String> ids = new ArrayList<>();
        NodeList elements = page.getElementsByTagName("*");
        for (int i = 0; i < elements.getLength(); i++) {
            String id = ((Element) elements.item(i)).getAttribute("id");
            if (!id.isEmpty()) {
                ids.add(id);
            }
        }
        assertThat(ids).doesNotHaveDuplicates();
        assertThat(all("a")).allSatisfy(link -> assertThat(ids)
                .contains(link.getAttribute("href").substring(1)));
    }

    @Test
    void aHitIsMarkedInWords() {
        assertThat(all("span"))
                .filteredOn(span -> span.getAttribute("class").equals("hit"))
                .extracting(Element::getTextContent)
                .containsExactly(HOSTILE + " (hit)");
    }

    @Test
    void onlySettingsThatDifferAreShown() {
        assertThat(page.getDocumentElement().getTextContent())
                .contains("seed742")
                .doesNotContain("training.lr");
    }

    @Test
    void aLogWithoutUsersHasThePartsThatMakeSense() {
        List<HeldOutRow> rows = IntStream.range(0, 60)
                .mapToObj(row -> new HeldOutRow(0, 0, row, row % 2, 1, 1, row % 5 - 2, Double.NaN, List.of()))
                .toList();
        List<FieldValues> fields = List.of(new FieldValues(
                "hour",
                rows.stream().map(row -> List.of("" + row.interaction() % 3)).toList()));
        Map<String, BaselineResult> baselines =
                Map.of("constant", new BaselineResult(Map.of(), Map.of(), Map.of("logloss_heldout", 0.1), null, null));
        Document log = parse(RunReport.of(facts(
                        Map.of("auc_heldout", 0.5, "logloss_heldout", 0.9),
                        baselines,
                        rows,
                        false,
                        fields,
                        Optional.empty(),
                        List.of()))
                .toHtml());
        assertThat(all(log, "h2"))
                .extracting(Element::getTextContent)
                .containsExactly(
                        "Verdict",
                        "Training",
                        "Labels of the held-out rows",
                        "Slices",
                        "Which fields matter",
                        "Data",
                        "Time",
                        "Configuration");
        assertThat(log.getDocumentElement().getTextContent())
                .contains(
                        "The best baseline, constant, has a log loss of 0.1000, which is better than the whole interval.");
    }
}
