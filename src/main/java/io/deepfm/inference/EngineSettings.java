package io.deepfm.inference;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;

/** Process-wide settings of the engine. */
public final class EngineSettings {

    static {
        // The native library is on the classpath; nothing is ever fetched at run time.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
    }

    private EngineSettings() {}

    /**
     * Starts the engine, which takes about a second the first time, and sets how many threads one operation uses.
     *
     * @param threads at least 1
     */
    public static void start(int threads) {
        Engine.getInstance();
        if (JniUtils.getNumThreads() != threads) {
            JniUtils.setNumThreads(threads);
        }
    }

    /**
     * How many threads one operation uses.
     *
     * @return what the engine says
     */
    public static int threads() {
        return JniUtils.getNumThreads();
    }
}
