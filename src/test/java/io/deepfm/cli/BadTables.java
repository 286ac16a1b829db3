package io.deepfm.cli;

import static io.deepfm.cli.BadInput.bad;
import static io.deepfm.cli.BadInput.part;
import static io.deepfm.cli.BadInput.text;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** Damaged models and outputs of stages, for {@link BadInputTest}. */
final class BadTables {

    private BadTables() {}

    static Stream<BadInput> checkpoints() {
        return Stream.of(
                bad("missing checkpoint")
                        .command("score", "--checkpoint", "{}/missing")
                        .exits(Main.EXIT_DATA)
                        .says("{}/missing"),
                bad("truncated weights")
                        .copiedModel("model.safetensors", bytes -> Arrays.copyOf(bytes, bytes.length - 100))
                        .command("score", "--checkpoint", "{}/model")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model/model.safetensors", "tensor embedding.", " lies at bytes "),
                bad("weights without anything")
                        .copiedModel("model.safetensors", bytes -> new byte[0])
                        .command("evaluate", "--checkpoint", "{}/model")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model/model.safetensors", "0 bytes"),
                bad("weights that are no safetensors file")
                        .copiedModel("model.safetensors", bytes -> text("PK this is a zip file"))
                        .command("score", "--checkpoint", "{}/model")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model/model.safetensors"),
                bad("weights of another architecture")
                        .copiedModel(
                                "model.json",
                                bytes -> text(new String(bytes, StandardCharsets.UTF_8)
                                        .replaceFirst("(hidden_units[^\\]]*)8", "$1 9")))
                        .command("score", "--checkpoint", "{}/model")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model", "dnn.0.linear.weight", "[8, ", "[9, "),
                bad("initial weights of another architecture")
                        .command(
                                "train",
                                "--initial-weights",
                                "{}/run/model/model.safetensors",
                                "--override",
                                "dnn.hidden_units=[9]")
                        .exits(Main.EXIT_DATA)
                        .says("{}/run/model/model.safetensors", "dnn.0.linear.weight", "[8, ", "[9, "),
                bad("missing initial weights")
                        .command("train", "--initial-weights", "{}/none.safetensors")
                        .exits(Main.EXIT_DATA)
                        .says("{}/none.safetensors"),
                bad("architecture that cannot be read")
                        .copiedModel("model.json", bytes -> Arrays.copyOf(bytes, 20))
                        .command("score", "--checkpoint", "{}/model")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model/model.json"));
    }

    static Stream<BadInput> weights() {
        String weights = "model.safetensors";
        return Stream.of(
                        bad("weights with a header longer than the file")
                                .copiedModel(weights, bytes -> header(bytes, Long.MAX_VALUE, text -> text))
                                .says("truncated"),
                        bad("weights with overlapping places")
                                .copiedModel(weights, bytes -> header(bytes, -1, BadTables::overlapping))
                                .says("begins at byte"),
                        bad("weights of another type")
                                .copiedModel(
                                        weights, bytes -> header(bytes, -1, text -> text.replaceFirst("F32", "I32")))
                                .says("has type I32, expected F32"),
                        bad("weights with NaN")
                                .copiedModel(weights, bytes -> {
                                    byte[] changed = bytes.clone();
                                    Arrays.fill(changed, bytes.length - 4, bytes.length, (byte) 0xff);
                                    return changed;
                                })
                                .says("not finite"))
                .map(bad -> bad.command("score", "--checkpoint", "{}/model").exits(Main.EXIT_DATA))
                .map(bad -> bad.says(Stream.concat(Stream.of("{}/model"), bad.fragments().stream())
                        .toArray(String[]::new)));
    }

    static Stream<BadInput> tables() {
        return Stream.of(
                bad("truncated table of users")
                        .part("work/encoded/users", file -> Files.write(file, half(Files.readAllBytes(file))))
                        .damaged(in -> Files.delete(in.resolve("raw/u.data")))
                        .command("train")
                        .exits(Main.EXIT_DATA)
                        .says("{}/work", "encoded/users/part-", "bytes instead of", "deepfm encode", "--force"),
                bad("table of items with other bytes")
                        .part("work/encoded/items", BadTables::changePage)
                        .damaged(in -> Files.delete(in.resolve("run/manifests/train.json")))
                        .damaged(in -> Files.delete(in.resolve("raw/u.data")))
                        .command("train")
                        .exits(Main.EXIT_DATA)
                        .says("encoded/items/part-", "has changed since it was written", "deepfm encode", "--force"),
                bad("table of items with other bytes under an older manifest, read by the trainer")
                        .part("work/encoded/items", BadTables::changePage)
                        .damaged(in -> withoutDigests(in.resolve("work/manifests/encode.json")))
                        .damaged(in -> Files.delete(in.resolve("run/manifests/train.json")))
                        .command("train")
                        .exits(Main.EXIT_DATA)
                        .says("Cannot read the Parquet file", "encoded/items/part-", "--force"),
                bad("table of items with other bytes under an older manifest, read by Spark")
                        .part("work/items", BadTables::changePage)
                        .damaged(in -> withoutDigests(in.resolve("work/manifests/tables.json")))
                        .damaged(in -> Files.delete(in.resolve("run/manifests/score.json")))
                        .command("score")
                        .exits(Main.EXIT_DATA)
                        .says("Cannot read the file", "work/items/part-", "--force"),
                bad("table of users of another schema under an older manifest")
                        .part(
                                "work/encoded/users",
                                file -> Files.copy(
                                        part(file.resolve("../../../split/test").normalize()),
                                        file,
                                        StandardCopyOption.REPLACE_EXISTING))
                        .damaged(in -> {
                            Path manifest = in.resolve("work/manifests/encode.json");
                            withoutDigests(manifest);
                            Files.writeString(
                                    manifest,
                                    Files.readString(manifest).replaceAll("(?s)\"outputs\".*?\"files\".*?\\},", ""));
                        })
                        .damaged(in -> Files.delete(in.resolve("run/manifests/train.json")))
                        .command("train")
                        .exits(Main.EXIT_DATA)
                        .says("Cannot read the Parquet file", "encoded/users/part-", "it has no column gender but"),
                bad("schema of fields that cannot be read, under an older manifest")
                        .damaged(in -> Files.writeString(
                                in.resolve("work/schema.json"),
                                Files.readString(in.resolve("work/schema.json")).replaceFirst("\\{", "[")))
                        .damaged(in -> withoutDigests(in.resolve("work/manifests/encode.json")))
                        .damaged(in -> Files.delete(in.resolve("run/manifests/train.json")))
                        .command("train")
                        .exits(Main.EXIT_DATA)
                        .says("{}/work/schema.json: Not a schema", "--force"),
                bad("manifest that cannot be read")
                        .damaged(in -> Files.writeString(in.resolve("work/manifests/split.json"), "{\"stage\": "))
                        .command("encode")
                        .exits(Main.EXIT_DATA)
                        .says("{}/work/manifests/split.json", "--force"));
    }

    /** As earlier versions wrote it, with the files' lengths alone. */
    private static void withoutDigests(Path manifest) throws IOException {
        Files.writeString(
                manifest,
                Files.readString(manifest)
                        .replaceAll("(?s)\\{\\s*\"bytes\" : (\\d+),\\s*\"sha256\" : \"\\w+\"\\s*\\}", "$1"));
    }

    static Stream<BadInput> modelTables() {
        return Stream.of(
                        bad("model without a file of its users")
                                .modelPart("users", Files::delete)
                                .says("There is no file {}/model/users/part-", "SHA256SUMS"),
                        bad("model with truncated items")
                                .modelPart("items", file -> Files.write(file, half(Files.readAllBytes(file))))
                                .says("{}/model/items/part-", "is damaged"),
                        bad("model with an empty file of items")
                                .modelPart("items", file -> Files.write(file, new byte[0]))
                                .says("{}/model/items/part-", "is damaged"),
                        bad("model with users in the place of items")
                                .modelPart(
                                        "items",
                                        file -> Files.copy(
                                                part(file.resolve("../../users").normalize()),
                                                file,
                                                StandardCopyOption.REPLACE_EXISTING))
                                .says("{}/model/items/part-", "is damaged"),
                        bad("model with a file of another table")
                                .modelPart(
                                        "users",
                                        file -> Files.copy(
                                                file,
                                                file.resolve("../../seen/part-9.parquet")
                                                        .normalize()))
                                .says("{}/model/seen/part-9.parquet is not one of the files"),
                        bad("model with one bit of its weights changed")
                                .modelPart(
                                        "users",
                                        file -> flipLastBit(file.resolve("../../model.safetensors")
                                                .normalize()))
                                .says("{}/model/model.safetensors is damaged", "SHA256SUMS"),
                        bad("model of unknown origin with truncated items")
                                .modelPart("items", file -> {
                                    Files.write(file, half(Files.readAllBytes(file)));
                                    Files.delete(
                                            file.resolve("../../SHA256SUMS").normalize());
                                })
                                .says("Cannot read the Parquet file", "model/items/part-"))
                .map(bad -> bad.command("recommend", "--checkpoint", "{}/model", "--output", "{}/out")
                        .exits(Main.EXIT_DATA));
    }

    private static byte[] half(byte[] bytes) {
        return Arrays.copyOf(bytes, bytes.length / 2);
    }

    /** Changes the last byte of the first column's values, which the file's length and footer do not tell. */
    private static void changePage(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try (ParquetFileReader reader = ParquetFileReader.open(
                HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))) {
            var column = reader.getFooter().getBlocks().get(0).getColumns().get(0);
            bytes[(int) (column.getStartingPos() + column.getTotalSize() - 1)] ^= 1;
        }
        Files.write(file, bytes);
    }

    private static void flipLastBit(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] ^= 1;
        Files.write(file, bytes);
    }

    /** A safetensors file with another header; its length stays, unless one is given. */
    private static byte[] header(byte[] bytes, long length, UnaryOperator<String> change) {
        ByteBuffer file = ByteBuffer.wrap(bytes.clone()).order(ByteOrder.LITTLE_ENDIAN);
        int before = (int) file.getLong(0);
        String json = new String(bytes, 8, before, StandardCharsets.UTF_8);
        String changed = change.apply(json);
        assertThat(changed.length()).isLessThanOrEqualTo(before);
        file.put(8, text(changed + " ".repeat(before - changed.length())));
        return file.putLong(0, length < 0 ? before : length).array();
    }

    /** Puts the second tensor where the first is. */
    private static String overlapping(String header) {
        Matcher place = Pattern.compile("\\[(\\d+),(\\d+)]}").matcher(header);
        assertThat(place.find() && place.find()).isTrue();
        int size = Integer.parseInt(place.group(2)) - Integer.parseInt(place.group(1));
        return header.substring(0, place.start()) + "[0," + size + "]}" + header.substring(place.end());
    }
}
