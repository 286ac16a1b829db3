package io.deepfm.cli.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

class FullDiskPlaceTest {

    private static final String TABLE = "[TASK_WRITE_FAILED] Task failed while writing rows to file:/data/work/split.";

    @Test
    void theTableIsNamedWhereItsFileSystemIsFull() {
        assertThat(FullDisk.of(new IllegalStateException(TABLE, full("org.apache.hadoop.fs.RawLocalFileSystem"))))
                .hasMessageContaining("cannot write file:/data/work/split. Free space");
    }

    @Test
    void sparksOwnFolderIsNamedWhereThatIsFull() {
        String folder = "Spark's temporary files in ";
        IOException spill = full("org.apache.spark.storage.DiskBlockObjectWriter");
        assertThat(FullDisk.of(new IllegalStateException(TABLE, spill))).hasMessageContaining(folder);
        assertThat(FullDisk.of(new IllegalStateException("Job aborted", spill))).hasMessageContaining(folder);
    }

    @Test
    void aFileIsNamedWhereJavaNamesIt() {
        assertThat(FullDisk.of(new FileNotFoundException("/tmp/blockmgr-1/0c/temp (No space left on device)")))
                .hasMessageContaining("cannot write /tmp/blockmgr-1/0c/temp. ");
        assertThat(FullDisk.of(new FileSystemException("/tmp/lib", null, "No space left on device")))
                .hasMessageContaining("cannot write /tmp/lib. ");
    }

    @Test
    void theEnginesFolderIsNamedWhereItsLibraryDoesNotFit() {
        assertThat(FullDisk.of(new IllegalStateException("Failed", full("ai.djl.pytorch.jni.LibUtils"))))
                .hasMessageContainingAll("libtorch into ", "DJL_CACHE_DIR");
    }

    @Test
    void otherErrorsAreNone() {
        assertThat(FullDisk.of(new IllegalStateException(TABLE, new IOException("Connection reset"))))
                .isNull();
    }

    /** What a write says that was called from there. */
    private static IOException full(String caller) {
        IOException e = new IOException("No space left on device");
        e.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("java.io.FileOutputStream", "writeBytes", null, -2),
            new StackTraceElement(caller, "write", null, 1)
        });
        return e;
    }
}
