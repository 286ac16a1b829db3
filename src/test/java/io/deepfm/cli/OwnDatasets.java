package io.deepfm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Small synthetic datasets of several shapes and the configurations that describe them, with small models.
 *
 * @param folder where they are written
 */
record OwnDatasets(Path folder) {

    private static final String SMALL_MODEL =
            """
            device = cpu
            feature.fm_embed_dim = 4
            dnn.hidden_units = [8]
            cin.layer_sizes = [4, 4]
            attention { num_heads = 2, attention_dim = 4 }
            training { batch_size = 64, epochs = 1, num_threads = 1 }
            data { dataset_name = own, auto_download = false, num_neg_eval = 5 }
            evaluation.baselines = [popularity]
            """;

    /** Runs a command over a configuration. */
    static CommandRun command(String command, Path config, String... options) {
        List<String> all = new ArrayList<>(List.of(command, "--config", config.toString(), "--master", "local[1]"));
        all.addAll(List.of(options));
        return CommandRun.of(all.toArray(String[]::new));
    }

    /** A log of clicks without users and items, in Criteo's way. */
    Path clickLog() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int site = random.nextInt(6);
            String hits = random.nextInt(4) == 0 ? "" : Integer.toString(random.nextInt(50));
            String ad = random.nextInt(5) == 0 ? "" : "ad" + random.nextInt(40);
            lines.add((random.nextInt(6) < site ? 1 : 0) + "\t" + hits + "\tsite" + site + "\t" + ad);
        }
        Files.write(folder.resolve("clicks.tsv"), lines);
        return config(
                """
                dataset {
                  interactions {
                    path = "%s/clicks.tsv", format = tsv
                    columns = "clicked INT NOT NULL, hits INT, site STRING, ad STRING"
                  }
                  label = clicked
                  features = [
                    { name = hits, type = dense, scaling = log1p, embedding_dim = 2 }
                    { name = few_hits, type = sparse, expression = hits, buckets = [0, 10, 25], embedding_dim = 2 }
                    { name = site, type = sparse }
                    { name = ad, type = sparse, hash_buckets = 16, embedding_dim = 3 }
                    { name = both, type = sequence, expression = "array(site, ad)", max_length = 2, combiner = sum }
                  ]
                }
                """);
    }

    /** A file with a header and quotes, no user or item files, no label, and context features. */
    Path purchases() throws IOException {
        SplittableRandom random = new SplittableRandom(4);
        List<String> lines = new ArrayList<>(List.of("user,item,time,price,shop"));
        for (int user = 0; user < 15; user++) {
            for (int i = 0; i < 8; i++) {
                String item = i == 0 ? "\"shoe, red\"" : "thing" + (user + i * 3) % 40;
                lines.add("u" + user + "," + item + "," + (1000 + 17 * user + 5 * i) + "," + random.nextInt(100) + ".5,"
                        + (random.nextBoolean() ? "web" : "city"));
            }
        }
        Files.write(folder.resolve("purchases.csv"), lines);
        return config(
                """
                dataset {
                  interactions {
                    path = "%s/purchases.csv", header = true
                    columns = "user STRING, item STRING, time BIGINT, price DOUBLE, shop STRING"
                  }
                  user = user
                  item = item
                  time = time
                  features = [
                    { name = user, type = sparse, group = user, embedding_dim = 4 }
                    { name = item, type = sparse, group = item, embedding_dim = 4 }
                    { name = price, type = dense, scaling = standard, embedding_dim = 2 }
                    { name = shop, type = sparse, embedding_dim = 2 }
                  ]
                }
                """);
    }

    /** Interactions and users in JSON, items between {@code ::}; no types are given for JSON. */
    Path visits() throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        List<String> visits = new ArrayList<>();
        List<String> people = new ArrayList<>();
        for (int who = 0; who < 12; who++) {
            people.add("{\"who\": " + who + (who % 4 == 3 ? "" : ", \"age\": " + (18 + who % 3)) + "}");
            for (int i = 0; i < 5; i++) {
                visits.add("{\"who\": " + who + ", \"page\": \"p" + (who + i) % 6 + "\", \"label\": " + (who + i) % 2
                        + ", \"hour\": " + random.nextInt(24) + "}");
            }
        }
        Files.createDirectories(folder.resolve("people.json"));
        Files.write(folder.resolve("people.json/part-0.json"), people.subList(0, 6));
        Files.write(folder.resolve("people.json/part-1.json"), people.subList(6, 12));
        Files.write(folder.resolve("visits.json"), visits);
        Files.write(folder.resolve("pages.dat"), List.of("p0::a|b", "p1::b", "p2::", "p3::a", "p4::c|a", "p5::b|c"));
        return config(
                """
                dataset {
                  interactions { path = "%1$s/visits.json", format = json }
                  users { path = "%1$s/people.json", format = json }
                  items { path = "%1$s/pages.dat", format = tsv, delimiter = "::", columns = "page STRING, tags STRING" }
                  user = who
                  item = page
                  label = label
                  features = [
                    { name = age, type = sparse, group = user, embedding_dim = 2 }
                    { name = page, type = sparse, group = item, embedding_dim = 2 }
                    { name = tags, type = sequence, group = item, expression = "split(tags, '[|]')", max_length = 2 }
                    { name = night, type = sparse, expression = "hour < 6", embedding_dim = 2 }
                  ]
                }
                """);
    }

    /** Fifteen households of which three have a row, and 38 products of which 30 have one, in a history each. */
    Path households() throws IOException {
        SplittableRandom random = new SplittableRandom(6);
        List<String> purchases = new ArrayList<>();
        for (int household = 0; household < 15; household++) {
            for (int i = 0; i < 8; i++) {
                purchases.add("h" + household + ",p" + (5 * household + 3 * i) % 38 + "," + (100 * household + i) + ","
                        + (random.nextBoolean() ? "web" : "city"));
            }
        }
        Files.write(folder.resolve("purchases.csv"), purchases);
        Files.write(folder.resolve("households.csv"), List.of("h0,25", "h5,35", "h14,45"));
        List<String> products = new ArrayList<>();
        for (int product = 0; product < 30; product++) {
            products.add("p" + product + "," + "abc".charAt(product % 3) + "," + product % 7);
        }
        Files.write(folder.resolve("products.csv"), products);
        return config(
                """
                dataset {
                  interactions {
                    path = "%1$s/purchases.csv", columns = "household STRING, product STRING, time BIGINT, shop STRING"
                  }
                  users { path = "%1$s/households.csv", columns = "household STRING, age INT NOT NULL" }
                  items { path = "%1$s/products.csv", columns = "product STRING, kind STRING, price DOUBLE" }
                  user = household
                  item = product
                  time = time
                  features = [
                    { name = household, type = sparse, group = user, embedding_dim = 4 }
                    { name = age, type = sparse, group = user, embedding_dim = 2 }
                    { name = product, type = sparse, group = item, embedding_dim = 4 }
                    { name = kind, type = sparse, group = item, embedding_dim = 2 }
                    { name = price, type = dense, group = item, embedding_dim = 2 }
                    { name = shop, type = sparse, embedding_dim = 2 }
                    { name = recent, type = sequence, history { of = item, last = 3 } }
                  ]
                }
                """);
    }

    private Path config(String dataset) throws IOException {
        String places = """
                output_dir = "%s"
                work_dir = "%s"
                """
                .formatted(folder.resolve("run"), folder.resolve("work"));
        return Files.writeString(folder.resolve("own.conf"), SMALL_MODEL + places + dataset.formatted(folder));
    }
}
