package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.IOUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages that commands write, as people see them: on a phone, on a wide screen, in light and dark, and in print. */
@Tag("proof")
class ReportInBrowserIT {

    private static final int PHONE = 390;
    private static final int DESKTOP = 1440;

    /** A4 between its margins, at 96 pixels per inch. */
    private static final int PAPER = 718;

    private static final List<String> MODELS = List.of("deepfm", "xdeepfm", "attention_deepfm", "dcnv2");

    @TempDir
    private static Path folder;

    private static Chromium browser;
    private static String look;

    @BeforeAll
    static void writePages() throws IOException, InterruptedException {
        Optional<Path> program = Chromium.installed();
        assumeTrue(program.isPresent(), "no chromium, chromium-browser or google-chrome in PATH");
        for (String model : MODELS) {
            run(pipeline("conf/deepfm_sample.conf", model, "work", "model_name=" + model));
        }
        run(pipeline("conf/deepfm_clicks.conf", "clicks", "work-of-clicks"));
        run(List.of("compare", path("deepfm"), path("dcnv2")));
        search();
        browser = Chromium.start(program.get());
        look = IOUtils.resourceToString("/browser/look.js", StandardCharsets.UTF_8);
    }

    private static void search() throws IOException {
        Files.writeString(folder.resolve("space.conf"), "training.lr = [1e-4, 3e-3]");
        List<String> args = new ArrayList<>(List.of("tune", "--space", path("space.conf"), "--trials", "2"));
        args.addAll(List.of("--finalists", "1", "--seeds", "1"));
        args.addAll(settings("conf/deepfm_sample.conf", "search", "work"));
        run(args);
    }

    private static List<String> pipeline(String config, String name, String work, String... more) {
        List<String> args = new ArrayList<>(List.of("pipeline"));
        args.addAll(settings(config, name, work));
        args.addAll(List.of(more));
        return args;
    }

    private static List<String> settings(String config, String name, String work) {
        return List.of(
                "--config",
                config,
                "--master",
                "local[2]",
                "--override",
                "work_dir=" + path(work),
                "output_dir=" + path(name),
                "training.epochs=1",
                "training.num_threads=1",
                "data.num_neg_eval=99",
                "evaluation.baselines=[popularity]");
    }

    private static String path(String name) {
        return folder.resolve(name).toString();
    }

    private static void run(List<String> args) {
        CommandRun run = CommandRun.of(args.toArray(String[]::new));
        assertThat(run.exitCode()).as(args + ": " + run.err()).isZero();
    }

    @AfterAll
    static void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "deepfm/report.html",
                "xdeepfm/report.html",
                "attention_deepfm/report.html",
                "dcnv2/report.html",
                "clicks/report.html",
                "compare.html",
                "search/tune.html"
            })
    void aPageCanBeReadWhereverItIsShown(String page) throws IOException, InterruptedException {
        List<String> problems = new ArrayList<>();
        for (String scheme : List.of("light", "dark")) {
            for (int width : new int[] {PHONE, DESKTOP}) {
                problems.addAll(problems(page, width, "screen", scheme));
            }
            problems.addAll(problems(page, PAPER, "print", scheme));
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void whatCannotBeReadIsFound() throws IOException, InterruptedException {
        String report = Files.readString(folder.resolve("deepfm/report.html"));
        String faults = ".about { color: #aaa } svg text { font-size: 34px } .scroll { overflow: visible }";
        Files.writeString(
                folder.resolve("faulty.html"),
                report.replace("</style>", faults + "</style>")
                        .replace("</body>", "<img src='http://localhost:9/a.png'/></body>"));
        assertThat(String.join("\n", problems("faulty.html", PHONE, "screen", "light")))
                .contains("has a contrast of 2.32", "overlaps", "is not within its picture")
                .contains("is not within the window's 390 px", "asks for http://localhost:9/a.png")
                .contains("Content Security Policy");
    }

    private static List<String> problems(String page, int width, String medium, String scheme)
            throws IOException, InterruptedException {
        browser.open(folder.resolve(page), width, medium, scheme);
        Stream<String> seen = browser.ask(look).stream();
        Stream<String> requests = browser.events("Network.requestWillBeSent").stream()
                .map(event -> event.getAsJsonObject("request").get("url").getAsString())
                .filter(url -> !url.startsWith("data:")
                        && !url.equals(folder.resolve(page).toUri().toString()))
                .map(url -> "asks for " + url);
        Stream<String> errors = Stream.of("Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled")
                .flatMap(kind -> browser.events(kind).stream())
                .map(Object::toString);
        return Stream.of(seen, requests, errors)
                .flatMap(kind -> kind)
                .map(problem -> "%d px, %s, %s: %s".formatted(width, medium, scheme, problem))
                .toList();
    }
}
