import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes the synthetic dataset of sample-data/ in MovieLens-100K's file format: {@code java scripts/MakeSampleData.java
 * [folder]}. The same files come out every time.
 *
 * <p>Each item has a vector of tastes that its genres and its own part add up to; each user has one from age, gender,
 * occupation and an own part. A user meets items by popularity and affinity, the dot product of the two vectors, and
 * rates them by affinity and chance. So a model that learns from the features and from who liked what beats popularity.
 */
public class MakeSampleData {

    static final int USERS = 400;
    static final int ITEMS = 600;
    static final int TASTES = 6;
    static final String[] OCCUPATIONS = {"artist", "doctor", "educator", "engineer", "student", "writer", "other"};
    static final int GENRES = 19;
    static final String[] FIRST_WORDS = {"Silent", "Café", "Golden", "Última", "Broken", "Señor", "Winter", "Crimson",
        "Forêt", "Hidden", "Électric", "Lost", "Paper", "Northern", "Naïve", "Second"};
    static final String[] SECOND_WORDS = {"River", "Letters", "Garden", "Machine", "Voyage", "Mirror", "Harbour",
        "Season", "Orchestra", "Shadow", "Kingdom", "Train", "Promise", "Island", "Circus", "Equation"};

    final SplittableRandom random = new SplittableRandom(20240607);
    final double[][] ageTaste = vectors(5, 0.7);
    final double[][] genderTaste = vectors(2, 0.5);
    final double[][] occupationTaste = vectors(OCCUPATIONS.length, 0.6);
    final double[][] genreTaste = vectors(GENRES, 0.9);
    final double[][] userTaste = vectors(USERS, 0.7);
    final double[][] itemTaste = vectors(ITEMS, 0.5);
    final double[] popularity = new double[ITEMS];

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args.length > 0 ? args[0] : "sample-data");
        Files.createDirectories(folder);
        new MakeSampleData().write(folder);
    }

    void write(Path folder) throws IOException {
        write(folder.resolve("u.item"), items(), StandardCharsets.ISO_8859_1);
        write(folder.resolve("u.user"), users(), StandardCharsets.UTF_8);
        write(folder.resolve("u.data"), ratings(), StandardCharsets.UTF_8);
    }

    /** Item i has a few genres, and a popularity that falls with its place in a random order. */
    List<String> items() {
        List<String> lines = new ArrayList<>();
        int[] places = shuffled(ITEMS);
        for (int item = 0; item < ITEMS; item++) {
            popularity[item] = 1 / Math.pow(places[item] + 12, 0.75);
            boolean unknown = item == 266;
            int[] flags = unknown ? flags(0) : flags(1 + random.nextInt(GENRES - 1), 1 + random.nextInt(GENRES - 1));
            for (int genre = 0; genre < GENRES; genre++) {
                add(itemTaste[item], genreTaste[genre], (double) flags[genre] / Arrays.stream(flags).sum());
            }
            LocalDate released = LocalDate.of(1990 + random.nextInt(9), 1 + random.nextInt(12), 1 + random.nextInt(28));
            String date = unknown ? "" : released.format(DateTimeFormatter.ofPattern("dd-MMM-yyyy", Locale.ENGLISH));
            String title = unknown
                    ? "unknown"
                    : FIRST_WORDS[random.nextInt(16)] + " " + SECOND_WORDS[random.nextInt(16)] + " ("
                            + released.getYear() + ")";
            lines.add((item + 1) + "|" + title + "|" + date + "|||"
                    + Arrays.stream(flags).mapToObj(Integer::toString).collect(Collectors.joining("|")));
        }
        return lines;
    }

    List<String> users() {
        List<String> lines = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            int age = 10 + random.nextInt(60);
            int gender = random.nextInt(2);
            int occupation = random.nextInt(OCCUPATIONS.length);
            add(userTaste[user], ageTaste[Math.min(4, age / 15)], 1);
            add(userTaste[user], genderTaste[gender], 1);
            add(userTaste[user], occupationTaste[occupation], 1);
            String zip = String.format("%05d", random.nextInt(60) * 1000 + random.nextInt(1000));
            lines.add((user + 1) + "|" + age + "|" + "FM".charAt(gender) + "|" + OCCUPATIONS[occupation] + "|" + zip);
        }
        return lines;
    }

    /** Each user rates 20 items or more; the lines are in random order, as in the original. */
    List<String> ratings() {
        List<String> lines = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            int count = 20 + (int) Math.min(110, -30 * Math.log(random.nextDouble()));
            long time = 880_000_000L + random.nextInt(10_000_000);
            for (int item : met(user, count)) {
                double liking = 2.85 + 0.75 * affinity(user, item) + 0.6 * gaussian();
                int rating = (int) Math.max(1, Math.min(5, Math.round(liking)));
                time += 30 + random.nextInt(3000);
                lines.add((user + 1) + "\t" + (item + 1) + "\t" + rating + "\t" + time);
            }
        }
        int[] order = shuffled(lines.size());
        return IntStream.of(order).mapToObj(lines::get).toList();
    }

    /** Draws distinct items with chances proportional to popularity * exp(affinity), by Gumbel's trick. */
    int[] met(int user, int count) {
        double[] keys = new double[ITEMS];
        for (int item = 0; item < ITEMS; item++) {
            double gumbel = -Math.log(-Math.log(random.nextDouble()));
            keys[item] = Math.log(popularity[item]) + 1.1 * affinity(user, item) + gumbel;
        }
        int[] best = IntStream.range(0, ITEMS)
                .boxed()
                .sorted((a, b) -> Double.compare(keys[b], keys[a]))
                .mapToInt(Integer::intValue)
                .limit(count)
                .toArray();
        int[] order = shuffled(count);
        return IntStream.of(order).map(i -> best[i]).toArray();
    }

    double affinity(int user, int item) {
        double dot = 0;
        for (int i = 0; i < TASTES; i++) {
            dot += userTaste[user][i] * itemTaste[item][i];
        }
        return dot / 1.6;
    }

    double[][] vectors(int count, double scale) {
        double[][] vectors = new double[count][TASTES];
        for (double[] vector : vectors) {
            Arrays.setAll(vector, i -> scale * gaussian());
        }
        return vectors;
    }

    double gaussian() {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    int[] shuffled(int count) {
        int[] order = IntStream.range(0, count).toArray();
        for (int i = count - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = order[i];
            order[i] = order[j];
            order[j] = swapped;
        }
        return order;
    }

    static int[] flags(int... set) {
        int[] flags = new int[GENRES];
        for (int i : set) {
            flags[i] = 1;
        }
        return flags;
    }

    static void add(double[] to, double[] what, double times) {
        for (int i = 0; i < to.length; i++) {
            to[i] += times * what[i];
        }
    }

    static void write(Path file, List<String> lines, Charset charset) throws IOException {
        Files.write(file, (String.join("\n", lines) + "\n").getBytes(charset));
        System.out.println(file + ": " + lines.size() + " lines");
    }
}
