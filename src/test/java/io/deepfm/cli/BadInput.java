package io.deepfm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;

/**
 * One kind of bad input; {@code {}} stands for the folder of the test.
 *
 * @param name what is bad
 * @param damage makes it so
 * @param args the command and its options
 * @param exitCode what kind of error it is
 * @param fragments what the message must say
 */
record BadInput(String name, Damage damage, List<String> args, int exitCode, List<String> fragments) {

    /** Makes the input bad. */
    interface Damage {
        void on(Path folder) throws IOException;
    }

    static BadInput bad(String name) {
        return new BadInput(name, in -> {}, List.of(), -1, List.of());
    }

    /** The first file of a table. */
    static Path part(Path table) throws IOException {
        try (Stream<Path> files = Files.list(table)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    BadInput damaged(Damage how) {
        Damage earlier = damage;
        Damage both = in -> {
            earlier.on(in);
            how.on(in);
        };
        return new BadInput(name, both, args, exitCode, fragments);
    }

    BadInput config(String text, String replacement) {
        return damaged(in -> {
            String good = Files.readString(in.resolve("tiny.conf"));
            assertThat(good).contains(text);
            Files.writeString(in.resolve("tiny.conf"), good.replace(text, replacement));
        });
    }

    BadInput file(String file, UnaryOperator<List<String>> change) {
        return damaged(in -> {
            Path path = in.resolve("raw").resolve(file);
            Files.write(path, change.apply(Files.readAllLines(path)));
        });
    }

    BadInput copiedModel(String file, UnaryOperator<byte[]> change) {
        return damaged(in -> {
            FileUtils.copyDirectory(
                    in.resolve("run/model").toFile(), in.resolve("model").toFile());
            Path path = in.resolve("model").resolve(file);
            Files.write(path, change.apply(Files.readAllBytes(path)));
            // So that the file itself is looked at.
            Files.delete(in.resolve("model/SHA256SUMS"));
        });
    }

    /** Something happens to one file of a table. */
    BadInput part(String table, Damage change) {
        return damaged(in -> change.on(part(in.resolve(table))));
    }

    /** Something happens to one file of a table of a copied model. */
    BadInput modelPart(String table, Damage change) {
        return damaged(in -> FileUtils.copyDirectory(
                        in.resolve("run/model").toFile(), in.resolve("model").toFile()))
                .part("model/" + table, change);
    }

    BadInput run(String... all) {
        return new BadInput(name, damage, List.of(all), exitCode, fragments);
    }

    BadInput command(String command, String... options) {
        List<String> all = new ArrayList<>(List.of(command, "--config", "{}/tiny.conf", "--master", "local[1]"));
        all.addAll(List.of(options));
        return new BadInput(name, damage, all, exitCode, fragments);
    }

    BadInput exits(int code) {
        return new BadInput(name, damage, args, code, fragments);
    }

    BadInput says(String... texts) {
        return new BadInput(name, damage, args, exitCode, List.of(texts));
    }

    @Override
    public String toString() {
        return name;
    }
}
