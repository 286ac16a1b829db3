package io.deepfm.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.AutoComplete;

/** The script by which bash and zsh complete commands and options. */
public final class Completion {

    private Completion() {}

    /**
     * Writes the script; the build calls this.
     *
     * @param files the one file to write
     * @throws IOException if it cannot be written
     */
    public static void main(String[] files) throws IOException {
        Files.writeString(Path.of(files[0]), AutoComplete.bash("deepfm", Help.commands()));
    }
}
