package io.deepfm.cli.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HeapWatchTest {

    @Test
    @Timeout(20)
    void aCommandDoesNotWaitForAThreadThatHadNoMemory() {
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        try (HeapWatch watch = new HeapWatch(Thread.currentThread(), 1)) {
            assertThat(watch.error()).isNull();
            OutOfMemoryError error = new OutOfMemoryError("Java heap space");
            new Thread(() -> {
                        throw error;
                    })
                    .start();
            assertThatThrownBy(() -> new CountDownLatch(1).await(15, TimeUnit.SECONDS))
                    .isInstanceOf(InterruptedException.class);
            assertThat(watch.error()).isSameAs(error);
        }
        assertThat(Thread.getDefaultUncaughtExceptionHandler()).isSameAs(before);
    }

    @Test
    void itIsExplainedInWhateverItCame() {
        OutOfMemoryError error = new OutOfMemoryError("Java heap space");
        assertThat(FullMemory.of(new IllegalStateException("Job aborted", error)))
                .hasMessageContainingAll("Out of memory: Java heap space", "-Xmx8g", "--driver-memory");
        // From an executor on another machine the error comes as text.
        assertThat(FullMemory.of(
                        new IllegalStateException("Lost task 0.0: java.lang.OutOfMemoryError: Java heap space\n\tat")))
                .hasMessageContainingAll("Out of memory: Java heap space. ", "--executor-memory");
        assertThat(FullMemory.of(new IllegalStateException("Reason: Command exited with code 52")))
                .hasMessageContaining("--executor-memory");
        assertThat(FullMemory.of(new IllegalStateException(
                        "DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.")))
                .hasMessageContainingAll("torch", "training.batch_size");
        assertThat(FullMemory.of(new IllegalStateException("something else"))).isNull();
    }
}
