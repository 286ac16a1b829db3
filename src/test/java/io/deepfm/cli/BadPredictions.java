package io.deepfm.cli;

import static io.deepfm.cli.BadInput.bad;
import static io.deepfm.cli.BadInput.text;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.stream.Stream;

/** What predict and recommend refuse, and places that cannot be written to, for {@link BadInputTest}. */
final class BadPredictions {

    private BadPredictions() {}

    static Stream<BadInput> places() {
        return Stream.of("output_dir", "work_dir").map(key -> bad(key + " that cannot be written")
                .damaged(in -> Files.writeString(in.resolve("regular-file"), ""))
                .command("ingest", "--override", key + "={}/regular-file/run")
                .exits(Main.EXIT_CONFIG)
                .says(key, "{}/regular-file/run", "--override"));
    }

    static Stream<BadInput> predictions() {
        return Stream.of(
                bad("missing input")
                        .command("predict", "--input", "{}/new.data", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("There is no file {}/new.data"),
                bad("empty input")
                        .damaged(in -> Files.writeString(in.resolve("new.data"), ""))
                        .command("predict", "--input", "{}/new.data", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new.data is empty", "user_id, movie_id"),
                bad("input with a key that is no number")
                        .damaged(in -> Files.writeString(in.resolve("new.data"), "1\t2\none\t2\n"))
                        .command("predict", "--input", "{}/new.data", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new.data:2:", "column user_id", "'one'"),
                bad("input without the keys")
                        .damaged(in -> Files.writeString(in.resolve("new.data"), "1,2\n"))
                        .command("predict", "--input", "{}/new.data", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new.data:1:", "1 columns instead of 4", "'1,2'"),
                bad("input whose lines differ")
                        .damaged(in -> Files.writeString(in.resolve("new.data"), "1\t2\n1\t2\t3\n"))
                        .command("predict", "--input", "{}/new.data", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new.data:2:", "3 columns instead of 2", "'1\t2\t3'"),
                bad("user on two lines")
                        .damaged(in ->
                                Files.writeString(in.resolve("new.user"), "70|24|M|other|85711\n70|25|M|other|85711\n"))
                        .command("recommend", "--users", "{}/new.user", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new.user:2:", "column user_id", "70", "line 1"),
                bad("item file that does not fit")
                        .damaged(in -> Files.writeString(in.resolve("new.item"), "70|Film\n"))
                        .command("predict", "--input", "{}/raw/u.data", "--items", "{}/new.item", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/new.item:1:", "2 columns instead of 24", "'70|Film'"),
                bad("no items asked for")
                        .command("recommend", "--top", "0", "--output", "{}/out")
                        .exits(Main.EXIT_CONFIG)
                        .says("--top 0", "at least 1"),
                bad("output in the folder of the run whose model is read")
                        .command("recommend", "--force", "--output", "{}/run")
                        .exits(Main.EXIT_CONFIG)
                        .says("--output {}/run", "would replace", "run/model", "Choose another name"),
                bad("output below a file")
                        .command("recommend", "--output", "{}/tiny.conf/out")
                        .exits(Main.EXIT_CONFIG)
                        .says("--output {}/tiny.conf/out", "is not writable"),
                bad("model without its dataset")
                        .copiedModel("dataset.json", bytes -> bytes)
                        .damaged(in -> Files.delete(in.resolve("model/dataset.json")))
                        .command("recommend", "--checkpoint", "{}/model", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model has no dataset.json", "train again"),
                bad("dataset that cannot be read")
                        .copiedModel("dataset.json", bytes -> Arrays.copyOf(bytes, 50))
                        .command("recommend", "--checkpoint", "{}/model", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model/dataset.json"),
                bad("encoders of other data")
                        .copiedModel(
                                "encoders.json",
                                bytes -> text(new String(bytes, StandardCharsets.UTF_8).replace("\"other\",", "")))
                        .command(
                                "predict", "--checkpoint", "{}/model", "--input", "{}/raw/u.data", "--output", "{}/out")
                        .exits(Main.EXIT_DATA)
                        .says("{}/model/encoders.json", "schema.json"));
    }
}
