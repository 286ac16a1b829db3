import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * Makes ratings of any number for measurements of scale: {@code java scripts/MakeInteractions.java folder rows users items
 * [last]}. The same files come out every time.
 *
 * <p>Some users rate a hundred times as much as others, and some items are rated a thousand times as often. The folder gets
 * ratings.csv, users.csv and items.csv, with headers, scale.conf, which describes them, and history.conf, in which the users'
 * last items are features besides, 20 unless said.
 */
public class MakeInteractions {

    static final int GENRES = 20;

    public static void main(String[] args) throws IOException {
        Path folder = Path.of(args[0]);
        long rows = Long.parseLong(args[1]);
        int users = Integer.parseInt(args[2]);
        int items = Integer.parseInt(args[3]);
        int last = args.length > 4 ? Integer.parseInt(args[4]) : 20;
        SplittableRandom random = new SplittableRandom(20240608);
        Files.createDirectories(folder);
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("users.csv"))) {
            out.write("user,age,region\n");
            for (int user = 0; user < users; user++) {
                out.write(user + "," + (15 + random.nextInt(60)) + ",r" + random.nextInt(50) + "\n");
            }
        }
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("items.csv"))) {
            out.write("item,genres\n");
            for (int item = 0; item < items; item++) {
                out.write(item + ",g" + random.nextInt(GENRES) + "|g" + random.nextInt(GENRES) + "\n");
            }
        }
        double[] activity = new double[users];
        double sum = 0;
        for (int user = 0; user < users; user++) {
            sum += Math.exp(random.nextGaussian());
            activity[user] = sum;
        }
        try (BufferedWriter out = Files.newBufferedWriter(folder.resolve("ratings.csv"))) {
            out.write("user,item,rating,at\n");
            for (long row = 0; row < rows; row++) {
                int user = java.util.Arrays.binarySearch(activity, random.nextDouble() * sum);
                double skew = random.nextDouble();
                int item = (int) (items * skew * skew * skew);
                int rating = 1 + (int) (5 * Math.sqrt(random.nextDouble()));
                out.write((user < 0 ? -user - 1 : user) + "," + item + "," + rating + "," + (1_000_000_000 + 7 * row) + "\n");
            }
        }
        Files.writeString(folder.resolve("scale.conf"), CONFIG.formatted(folder.toAbsolutePath()));
        Files.writeString(folder.resolve("history.conf"), HISTORY.formatted(last));
    }

    static final String HISTORY =
            """
            include "scale.conf"
            dataset.features = ${dataset.features} [
              { name = recent, type = sequence, history { of = item, last = %1$d } }
              { name = liked, type = sequence, history { of = item, last = %1$d, where = "label = 1" } }
              { name = activity, type = dense, history { of = count } }
            ]
            """;

    static final String CONFIG =
            """
            output_dir = "%1$s/run"
            work_dir = "%1$s/work"
            data { dataset_name = scale, auto_download = false }
            dataset {
              interactions {
                path = "%1$s/ratings.csv", header = true
                columns = "user BIGINT, item BIGINT, rating INT NOT NULL, at BIGINT"
              }
              users { path = "%1$s/users.csv", header = true, columns = "user BIGINT, age INT, region STRING" }
              items { path = "%1$s/items.csv", header = true, columns = "item BIGINT, genres STRING" }
              user = user
              item = item
              time = at
              label = "rating >= 4"
              features = [
                { name = user, type = sparse, group = user, embedding_dim = 16 }
                { name = age, type = sparse, group = user, buckets = [0, 18, 25, 35, 50] }
                { name = region, type = sparse, group = user }
                { name = item, type = sparse, group = item, embedding_dim = 16 }
                { name = genres, type = sequence, group = item, expression = "split(genres, '[|]')", max_length = 2 }
                { name = hour, type = sparse, expression = "hour(timestamp_seconds(at))" }
              ]
            }
            """;
}
