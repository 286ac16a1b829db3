package io.deepfm.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Thirty users, forty items and their ratings in MovieLens-100K's file format. */
public final class TinyDataset {

    /** The number of users. */
    public static final int USERS = 30;
    /** The number of items. */
    public static final int ITEMS = 40;

    private TinyDataset() {}

    /** Writes the files; user u has 5 + u % 7 ratings, but user 1 has two only. */
    public static Path write(Path folder) {
        Random random = new Random(5);
        List<String> users = new ArrayList<>();
        List<String> items = new ArrayList<>();
        List<String> ratings = new ArrayList<>();
        for (int user = 1; user <= USERS; user++) {
            users.add(user + "|" + (10 + user) + "|" + "MF".charAt(user % 2) + (user % 3 == 0 ? "|writer|" : "|baker|")
                    + (100 + user % 4) + "99");
            List<Integer> order = new ArrayList<>();
            for (int item = 1; item <= ITEMS; item++) {
                order.add(item);
            }
            Collections.shuffle(order, random);
            int count = user == 1 ? 2 : 5 + user % 7;
            for (int i = 0; i < count; i++) {
                int rating = (user + order.get(i)) % 3 == 0 ? 2 : 3 + random.nextInt(3);
                // Times repeat, so that ties occur.
                ratings.add(user + "\t" + order.get(i) + "\t" + rating + "\t" + (1000 + i / 2));
            }
        }
        for (int item = 1; item <= ITEMS; item++) {
            StringBuilder line = new StringBuilder(item + "|Título " + item + "|01-Jan-1995||http://x");
            for (int genre = 0; genre < 19; genre++) {
                line.append(genre == item % 19 || genre == item % 5 ? "|1" : "|0");
            }
            items.add(line.toString());
        }
        Collections.shuffle(ratings, random);
        write(folder.resolve("u.user"), users);
        write(folder.resolve("u.item"), items);
        write(folder.resolve("u.data"), ratings);
        return folder;
    }

    private static void write(Path file, List<String> lines) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
