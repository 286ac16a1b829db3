package io.deepfm.advice;

/** The command line, with the names of its options. */
final class CommandLine implements FrontEnd {

    @Override
    public String setting(String key, String value) {
        return "--override " + key + "=" + value;
    }

    @Override
    public String folder(String key) {
        return setting(key, "FOLDER");
    }

    @Override
    public String run(String command) {
        return "Run: scripts/deepfm " + command + " --config ...";
    }

    @Override
    public String replace(String command) {
        return run(command) + " --force";
    }

    @Override
    public String replace() {
        return "Run the stage that wrote it again with --force.";
    }

    @Override
    public String disk() {
        return "run the same command again, which resumes from what is finished; or choose another disk: for results and"
                + " prepared data with --override output_dir=FOLDER work_dir=FOLDER, for predictions with --output, for"
                + " temporary files with TMPDIR.";
    }
}
