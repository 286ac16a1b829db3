package io.deepfm.cli;

import io.deepfm.pipeline.lock.Holder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a command of this machine leaves that was killed while it wrote. */
final class KilledCommand {

    private static final long NO_PROCESS = 2147483646;

    private KilledCommand() {}

    /** Its temporary folder, in another. */
    static Path in(Path folder) throws IOException {
        Path scratch = Files.createDirectories(folder.resolve(".scratch-1234"));
        Files.writeString(
                scratch.resolve(".lock.1"),
                new String(Holder.self("predict").toJson(), StandardCharsets.UTF_8)
                        .replaceAll("\"pid\":\\d+", "\"pid\":" + NO_PROCESS));
        Files.writeString(scratch.resolve("output"), "half");
        return scratch;
    }
}
