import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Kills the pipeline on the sample at random moments and inside each epoch, and sees to it that, run again, it ends as a
 * run that was never killed: the same model and metrics to the bit, no finished stage done again, no file left over. In the
 * folder of its results there are those of a run with another seed, which must be whole after each kill.
 *
 * <pre>java scripts/KillTest.java [--kills 50] [--kills-per-run 1] [--seed 1] [--folder target/kill-test]</pre>
 *
 * <p>SIGKILL goes to the process group of the pipeline. The moments are uniform over the duration of a run that is not
 * killed, and are counted from what it says (such as 3.2 s after encode), so that a machine that is busy with other things
 * does not shift them. With more than one kill per run, a run that goes on is killed again. Linux only (setsid). Exit code 1
 * on any difference.
 */
public final class KillTest {

    private static final List<String> STAGES =
            List.of("check", "tables", "ingest", "split", "encode", "candidates", "train", "score", "evaluate");
    private static final int SEED = 42;
    private static final String ENGINE = "start of torch";
    private static final String END = "end";
    private static final Pattern STAGE = Pattern.compile("  (\\w+) +(up to date|[\\d.]+ s)   .*");
    /** An epoch that was trained now or, where training goes on, before. */
    private static final Pattern EPOCH = Pattern.compile(" +(?:resuming after )?epoch +(\\d+)(?:  lr .*)?");

    private final Path folder;
    private final int kills;
    private final int killsPerRun;
    private final Random random;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, Integer> killsIn = new TreeMap<>();
    private Process current;
    /** A run with another seed, over whose results all others run. */
    private Life before;

    private Life undisturbed;
    /** The parts of the undisturbed run, named by what ends them, and their seconds. */
    private final List<Part> parts = new ArrayList<>();
    private int killed;
    private int runs;

    private KillTest(Map<String, String> options) {
        folder = Path.of(options.getOrDefault("--folder", "target/kill-test")).toAbsolutePath();
        kills = Integer.parseInt(options.getOrDefault("--kills", "50"));
        killsPerRun = Integer.parseInt(options.getOrDefault("--kills-per-run", "1"));
        random = new Random(Long.parseLong(options.getOrDefault("--seed", "1")));
    }

    public static void main(String[] args) throws Exception {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        System.exit(new KillTest(options).run() ? 0 : 1);
    }

    private boolean run() throws Exception {
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill));
        exec("scripts/deepfm", "--version"); // builds the jar, so that no run has to
        exec("rm", "-rf", folder.toString());
        before = new Life("before", 1);
        succeed(before);
        undisturbed = new Life("undisturbed", SEED);
        Attempt whole = succeed(undisturbed);
        compare(problems, "earlier and new model are equal", false, before.model().equals(undisturbed.model()));
        learn(whole);
        System.out.printf(Locale.ROOT, "undisturbed: %.1f s, model %s%n", duration(), undisturbed.model().substring(0, 16));
        killInEachEpoch(whole);
        killAtRandomMoments();
        System.out.printf(
                "%d kills in %d runs: %s%n%s%n",
                killed, runs, killsIn, problems.isEmpty() ? "all equal to the undisturbed run" : "PROBLEMS");
        problems.forEach(problem -> System.out.println("  " + problem));
        return problems.isEmpty();
    }

    private static Attempt succeed(Life life) throws Exception {
        Attempt whole = life.start();
        if (whole.join() != 0) {
            System.out.println(String.join("\n", whole.texts()));
            throw new IllegalStateException("The run " + life.name + " failed");
        }
        return whole;
    }

    private void learn(Attempt whole) {
        double begin = 0;
        for (Line line : whole.lines()) {
            String ended = partEndedBy(line.text());
            if (ended != null) {
                parts.add(new Part(ended, line.second() - begin));
                begin = line.second();
            }
        }
        parts.add(new Part(END, whole.seconds() - begin));
    }

    private double duration() {
        return parts.stream().mapToDouble(Part::seconds).sum();
    }

    private void killAtRandomMoments() throws Exception {
        int wanted = killed + kills;
        while (killed < wanted) {
            Life life = new Life("run-" + ++runs, SEED);
            List<Double> moments = new ArrayList<>();
            for (int i = 0; i < Math.min(killsPerRun, wanted - killed); i++) {
                moments.add(random.nextDouble() * duration());
            }
            Collections.sort(moments);
            for (double moment : moments) {
                int part = 0;
                double rest = moment;
                while (rest >= parts.get(part).seconds()) {
                    rest -= parts.get(part++).seconds();
                }
                Attempt attempt = life.start();
                if (!awaitPart(attempt, part) || attempt.endsWithin(rest)) {
                    System.out.printf(Locale.ROOT, "%s was over before %.1f s%n", life.name, moment);
                    attempt.join();
                    life.earlier.add(attempt);
                } else {
                    kill(life, attempt, String.format(Locale.ROOT, "at %5.1f s", moment));
                }
            }
            finish(life);
        }
    }

    /** One run, killed once in each epoch; an epoch that was over too soon is tried again in a run of its own. */
    private void killInEachEpoch(Attempt whole) throws Exception {
        List<Integer> epochs = new ArrayList<>(whole.epochs());
        for (int tries = 0; !epochs.isEmpty() && tries < 5; tries++) {
            Life life = new Life("run-" + ++runs, SEED);
            List<Integer> missed = new ArrayList<>();
            for (int epoch : epochs) {
                int part = indexOf("epoch " + epoch);
                double share = tries == 0 ? 0.7 * random.nextDouble() : 0;
                Attempt attempt = life.start();
                if (awaitPart(attempt, part)
                        && !attempt.endsWithin(share * parts.get(part).seconds())
                        && partOf(attempt) == part) {
                    kill(life, attempt, "in epoch " + epoch);
                } else {
                    missed.add(epoch);
                    kill();
                    attempt.join();
                    life.earlier.add(attempt);
                }
            }
            finish(life);
            epochs = missed;
        }
        epochs.forEach(epoch -> problems.add("never hit epoch " + epoch));
    }

    private int indexOf(String part) {
        return parts.stream().map(Part::end).toList().indexOf(part);
    }

    /** The part in which a process is; it may have skipped others, as their output was there. */
    private int partOf(Attempt attempt) {
        return 1 + attempt.texts().stream()
                .map(KillTest::partEndedBy)
                .filter(Objects::nonNull)
                .mapToInt(this::indexOf)
                .max()
                .orElse(-1);
    }

    /** Waits until a process has come to a part; false if it ends before. */
    private boolean awaitPart(Attempt attempt, int part) throws InterruptedException {
        while (partOf(attempt) < part) {
            if (attempt.endsWithin(0.02)) {
                return false;
            }
        }
        return true;
    }

    private static String partEndedBy(String text) {
        Matcher stage = STAGE.matcher(text);
        if (stage.matches() && STAGES.contains(stage.group(1))) {
            return stage.group(1);
        }
        Matcher epoch = EPOCH.matcher(text);
        return epoch.matches() ? "epoch " + epoch.group(1) : text.endsWith(", 1 threads") ? ENGINE : null;
    }

    private void kill(Life life, Attempt attempt, String when) throws Exception {
        kill();
        attempt.join();
        killed++;
        String where = parts.get(Math.min(partOf(attempt), parts.size() - 1)).end();
        killsIn.merge(where, 1, Integer::sum);
        System.out.printf("kill %3d  %-12s %-12s %s%n", killed, life.name, when, where);
        check(life, attempt);
        if (!life.results().equals(before.results()) && !life.results().equals(undisturbed.results())) {
            problems.add(life.name + ": after a kill " + when + " the results are neither the earlier ones nor the new");
        }
        life.earlier.add(attempt);
    }

    /** Runs to the end what was killed, and compares. */
    private void finish(Life life) throws Exception {
        Attempt last = life.start();
        int exitCode = last.join();
        List<String> found = new ArrayList<>();
        if (exitCode != 0) {
            found.add("exit code " + exitCode + ": " + String.join(" | ", last.texts()));
        } else {
            check(life, last);
            compare(found, "model.safetensors", undisturbed.model(), life.model());
            compare(found, "results.json", undisturbed.metrics(), life.metrics());
            compare(found, "metrics.csv", undisturbed.history(), life.history());
            compare(found, "files", undisturbed.files(), life.files());
        }
        System.out.printf(
                "         %-12s ended: %s; up to date %s%n",
                life.name,
                found.isEmpty() ? "equal" : "DIFFERENT",
                last.stages().entrySet().stream()
                        .filter(stage -> stage.getValue().equals("up to date"))
                        .map(Map.Entry::getKey)
                        .toList());
        found.forEach(problem -> problems.add(life.name + ": " + problem));
        if (found.isEmpty()) {
            exec("rm", "-rf", life.root.toString());
        }
    }

    /** What was finished before must not be done again. */
    private void check(Life life, Attempt attempt) {
        attempt.stages().forEach((stage, time) -> {
            if (life.finished().contains(stage) && !time.equals("up to date")) {
                problems.add(life.name + ": " + stage + " was finished and done again");
            }
        });
        int trained = life.earlier.stream()
                .flatMap(earlier -> earlier.epochs().stream())
                .max(Integer::compare)
                .orElse(0);
        attempt.epochs().stream().filter(epoch -> epoch <= trained).forEach(epoch -> problems.add(
                life.name + ": epoch " + epoch + " was finished and done again"));
    }

    private static void compare(List<String> found, String what, Object expected, Object actual) {
        if (!expected.equals(actual)) {
            found.add(what + " differs: " + expected + " | " + actual);
        }
    }

    private synchronized void kill() {
        if (current != null && current.isAlive()) {
            try {
                exec("kill", "-KILL", "--", "-" + current.pid());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static void exec(String... command) throws Exception {
        int exitCode = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start()
                .waitFor();
        if (exitCode != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed with " + exitCode);
        }
    }

    private record Line(double second, String text) {}

    private record Part(String end, double seconds) {}

    /** A work and an output directory, and the attempts to run the pipeline there. */
    private final class Life {
        private final String name;
        private final Path root;
        private final int seed;
        private final List<Attempt> earlier = new ArrayList<>();

        Life(String name, int seed) throws Exception {
            this.name = name;
            this.seed = seed;
            this.root = folder.resolve(name);
            Files.createDirectories(root);
            if (before != null) {
                exec("cp", "-r", before.root.resolve("out").toString(), root.toString());
            }
        }

        Attempt start() throws IOException {
            Files.createDirectories(root.resolve("tmp"));
            ProcessBuilder builder = new ProcessBuilder(
                            "setsid",
                            "scripts/deepfm",
                            "pipeline",
                            "--master",
                            "local[2]",
                            "--config",
                            "conf/deepfm_sample.conf",
                            "--override",
                            "work_dir=" + root.resolve("work"),
                            "output_dir=" + root.resolve("out"),
                            "device=cpu",
                            "training.num_threads=1",
                            "seed=" + seed)
                    .redirectErrorStream(true);
            builder.environment().put("TMPDIR", root.resolve("tmp").toString());
            synchronized (KillTest.this) {
                current = builder.start();
            }
            return new Attempt(current);
        }

        Set<String> finished() {
            return earlier.stream()
                    .flatMap(attempt -> attempt.stages().keySet().stream())
                    .collect(Collectors.toSet());
        }

        String model() throws Exception {
            byte[] bytes = Files.readAllBytes(root.resolve("out/model/model.safetensors"));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        }

        /** The model and the metrics that are there now; the new ones where they are just being put in their places. */
        List<String> results() throws Exception {
            // A publication that was killed is ended by the next command.
            boolean isPublishing = Files.exists(root.resolve("out/.next/.complete"));
            return isPublishing ? undisturbed.results() : List.of(model(), metrics());
        }

        /** Validation and test metrics, baselines, and which epoch was the best of how many; as text, so to the bit. */
        String metrics() throws IOException {
            String json = Files.readString(root.resolve("out/results.json"));
            String metrics = json.substring(json.indexOf("\"val_metrics\""), json.indexOf("\"training_info\""));
            return metrics + json.lines()
                    .filter(line -> line.contains("\"best_epoch\"") || line.contains("\"total_epochs\""))
                    .collect(Collectors.joining());
        }

        /** metrics.csv without the four columns that tell times. */
        List<String> history() throws IOException {
            return Files.readAllLines(root.resolve("out/metrics.csv")).stream()
                    .map(line -> line.replaceFirst("(,[^,]*){4}$", ""))
                    .toList();
        }

        /** All files and folders, but for what is random in their names and Spark's log, which depends on its mood. */
        Set<String> files() throws IOException {
            Set<String> files = new TreeSet<>();
            for (String part : List.of("work", "out", "tmp")) {
                try (Stream<Path> all = Files.walk(root.resolve(part))) {
                    all.map(path -> root.relativize(path).toString())
                            .map(path -> path.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UUID")
                                    .replaceFirst("^(tmp/[^/]+/[^/]+)-[0-9]+", "$1-PID"))
                            .filter(path -> !path.endsWith("spark.log"))
                            .forEach(path -> {
                                // Two folders of processes in tmp would bear one name here.
                                if (!files.add(path)) {
                                    files.add(path + " twice");
                                }
                            });
                }
            }
            return files;
        }
    }

    /** One process and what it said so far. */
    private static final class Attempt {
        private final Process process;
        private final long start = System.nanoTime();
        private final List<Line> lines = Collections.synchronizedList(new ArrayList<>());
        private final Thread reader = new Thread(this::read);

        Attempt(Process process) {
            this.process = process;
            reader.start();
        }

        private void read() {
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    lines.add(new Line(seconds(), line));
                }
            } catch (IOException e) {
                lines.add(new Line(seconds(), "cannot read: " + e));
            }
        }

        double seconds() {
            return (System.nanoTime() - start) / 1e9;
        }

        int join() throws InterruptedException {
            int exitCode = process.waitFor();
            reader.join();
            return exitCode;
        }

        boolean endsWithin(double seconds) throws InterruptedException {
            return process.waitFor((long) (1000 * seconds), TimeUnit.MILLISECONDS);
        }

        List<Line> lines() {
            synchronized (lines) {
                return List.copyOf(lines);
            }
        }

        List<String> texts() {
            return lines().stream().map(Line::text).toList();
        }

        /** The stages that are over, and what was said of their time. */
        Map<String, String> stages() {
            Map<String, String> stages = new TreeMap<>();
            for (String text : texts()) {
                Matcher stage = STAGE.matcher(text);
                if (stage.matches() && STAGES.contains(stage.group(1))) {
                    stages.put(stage.group(1), stage.group(2));
                }
            }
            return stages;
        }

        /** The epochs that this process finished. */
        Set<Integer> epochs() {
            return texts().stream()
                    .filter(text -> text.contains("  lr "))
                    .map(EPOCH::matcher)
                    .filter(Matcher::matches)
                    .map(epoch -> Integer.parseInt(epoch.group(1)))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
