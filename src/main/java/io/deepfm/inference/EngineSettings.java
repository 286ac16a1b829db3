package io.deepfm.inference;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.Function;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;

/** Process-wide settings of the engine. */
public final class EngineSettings {

    static {
        // The native library is on the classpath; nothing is ever fetched at run time.
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("ai.djl.pytorch.graph_optimizer", "false");
    }

    /** {@code M_TRIM_THRESHOLD} and {@code M_MMAP_THRESHOLD} of malloc.h. */
    private static final int[] THRESHOLDS = {-1, -3};

    private static final int KEPT_BYTES = 1 << 26;

    static {
        keepFreedMemory();
    }

    private EngineSettings() {}

    /**
     * By default the GNU C library gives large arrays back to the system as soon as they are freed, so that each step gets
     * its memory anew, page by page. Other C libraries have no such setting.
     */
    private static void keepFreedMemory() {
        if (!Platform.isLinux()) {
            return;
        }
        try {
            Function mallopt = NativeLibrary.getProcess().getFunction("mallopt");
            for (int threshold : THRESHOLDS) {
                mallopt.invokeInt(new Object[] {threshold, KEPT_BYTES});
            }
        } catch (UnsatisfiedLinkError e) {
            // Not the GNU C library; nothing depends on it.
        }
    }

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
        Engine.getInstance();
        return JniUtils.getNumThreads();
    }
}
