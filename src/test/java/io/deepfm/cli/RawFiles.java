package io.deepfm.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** 12 users, 20 items and 84 ratings in MovieLens-100K's file format, and a configuration of a small model for them. */
final class RawFiles {

    private static final int USERS = 12;
    private static final int ITEMS = 20;
    private static final int RATINGS_PER_USER = 7;
    private static final int GENRES = 19;

    private RawFiles() {}

    /**
     * Writes {@code raw/} and {@code tiny.conf}; runs go to {@code run/} and {@code work/}.
     *
     * @param folder where
     * @return the configuration
     */
    static Path write(Path folder) throws IOException {
        Path raw = Files.createDirectories(folder.resolve("raw"));
        Files.write(raw.resolve("u.data"), ratings());
        Files.write(raw.resolve("u.user"), users());
        Files.write(raw.resolve("u.item"), items(), StandardCharsets.ISO_8859_1);
        return Files.writeString(folder.resolve("tiny.conf"), config(folder));
    }

    private static String config(Path folder) {
        return """
                model_name = deepfm
                device = cpu
                output_dir = "%1$s/run"
                work_dir = "%1$s/work"
                data {
                  dataset_name = movielens-100k
                  data_dir = "%1$s/raw"
                  auto_download = false, raw_digest = sha256 # tests work on copies
                  num_neg_eval = 10
                }
                dnn.hidden_units = [8]
                training {
                  batch_size = 64
                  epochs = 1
                  num_threads = 1
                }
                evaluation.baselines = [popularity, ease, ease_transitions]
                ease.lambda = [2, 20]
                ease_transitions { window = [2], weight = [1] }
                """
                .formatted(folder);
    }

    /** User u rates the items u, u + 3, u + 6, ... in this order; each user gives high and low ratings. */
    private static List<String> ratings() {
        List<String> lines = new ArrayList<>();
        for (int k = 0; k < RATINGS_PER_USER; k++) {
            for (int user = 1; user <= USERS; user++) {
                int item = 1 + (user + 3 * k) % ITEMS;
                int rating = 1 + (user + 2 * k) % 5;
                lines.add(String.join("\t", text(user), text(item), text(rating), text(880_000_000 + 60 * k)));
            }
        }
        return lines;
    }

    private static List<String> users() {
        List<String> lines = new ArrayList<>();
        for (int user = 1; user <= USERS; user++) {
            lines.add(String.join(
                    "|",
                    text(user),
                    text(15 + 4 * user),
                    user % 2 == 0 ? "F" : "M",
                    user % 3 == 0 ? "writer" : "other",
                    text(10_000 * (1 + user % 4))));
        }
        return lines;
    }

    private static List<String> items() {
        List<String> lines = new ArrayList<>();
        for (int item = 1; item <= ITEMS; item++) {
            StringBuilder line = new StringBuilder(item + "|Film n\u00b0 " + item + " (1995)|01-Jan-1995||");
            for (int genre = 0; genre < GENRES; genre++) {
                line.append(genre == item % GENRES || genre == 2 ? "|1" : "|0");
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static String text(int number) {
        return String.format(Locale.ROOT, "%d", number);
    }
}
