package io.deepfm.advice;

/** What a user calls the program by: how one gives settings there and runs again what has failed. */
public interface FrontEnd {

    /** {@code scripts/deepfm}. */
    FrontEnd COMMAND_LINE = new CommandLine();

    /**
     * How a setting is given.
     *
     * @param key its key
     * @param value its value, or in capitals what to put there
     * @return what one writes
     */
    String setting(String key, String value);

    /**
     * How another folder is chosen for what the program writes.
     *
     * @param key {@code output_dir} or {@code work_dir}
     * @return what one writes
     */
    String folder(String key);

    /**
     * How what has not been computed is computed.
     *
     * @param command which of the command line's does it
     * @return a sentence
     */
    String run(String command);

    /**
     * How what is damaged is computed again.
     *
     * @param command which of the command line's does it
     * @return a sentence
     */
    String replace(String command);

    /**
     * How what is damaged is computed again, whichever stage it is of.
     *
     * @return a sentence
     */
    String replace();

    /**
     * What to do about a full disk.
     *
     * @return the end of a sentence
     */
    String disk();
}
