package io.deepfm.scoring.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What is shared is closed when it is replaced and no task uses it any more, not earlier and not later. */
class LeasesTest {

    private static final class Resource implements AutoCloseable {
        private volatile boolean closed;

        @Override
        public void close() {
            assertThat(closed).as("closed before").isFalse();
            closed = true;
        }
    }

    private final Leases<Resource> leases = new Leases<>();

    @Test
    void whatIsNotReplacedStaysOpenWhileNobodyUsesIt() {
        Resource first = take("a", new Resource());
        Leases<Resource>.Lease again = leases.take("a", () -> {
            throw new AssertionError("opened twice");
        });
        assertThat(again.get()).isSameAs(first);
        assertThat(first.closed).isFalse();
    }

    @Test
    void whatIsReplacedIsClosedBeforeTheNextIsOpened() {
        Resource first = take("a", new Resource());
        leases.take("b", () -> {
            assertThat(first.closed).isTrue();
            return new Resource();
        });
    }

    @Test
    void whatATaskStillUsesIsClosedWithItsLastLease() {
        Leases<Resource>.Lease one = leases.take("a", Resource::new);
        Leases<Resource>.Lease two = leases.take("a", Resource::new);
        leases.take("b", Resource::new);
        assertThat(one.get().closed).isFalse();
        one.close();
        one.close();
        assertThat(two.get().closed).as("another lease is left").isFalse();
        two.close();
        assertThat(two.get().closed).isTrue();
    }

    @Test
    void whatIsWantedAgainWhileItIsStillOpenIsNotOpenedAgain() {
        Leases<Resource>.Lease old = leases.take("a", Resource::new);
        Resource replacement = take("b", new Resource());
        Leases<Resource>.Lease again = leases.take("a", Resource::new);
        assertThat(again.get()).isSameAs(old.get());
        assertThat(replacement.closed).isTrue();
        old.close();
        again.close();
        assertThat(again.get().closed).as("it is the current one").isFalse();
    }

    @Test
    void whatCannotBeOpenedLeavesNothingBehind() {
        Resource first = take("a", new Resource());
        assertThatThrownBy(() -> leases.take("b", () -> {
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
        assertThat(first.closed).isTrue();
        assertThat(take("b", new Resource()).closed).isFalse();
    }

    @Test
    void manyTasksThatSwapNeverUseWhatIsClosedAndLeaveOneOpen() throws Exception {
        ConcurrentLinkedQueue<Resource> all = new ConcurrentLinkedQueue<>();
        ExecutorService tasks = Executors.newFixedThreadPool(8);
        List<Future<?>> done = new ArrayList<>();
        for (int task = 0; task < 8; task++) {
            Random random = new Random(task);
            done.add(tasks.submit(() -> {
                for (int i = 0; i < 2000; i++) {
                    try (Leases<Resource>.Lease lease = leases.take("model " + random.nextInt(3), () -> {
                        Resource opened = new Resource();
                        all.add(opened);
                        return opened;
                    })) {
                        Thread.yield();
                        assertThat(lease.get().closed).isFalse();
                    }
                }
            }));
        }
        tasks.shutdown();
        for (Future<?> task : done) {
            task.get();
        }
        assertThat(all).hasSizeGreaterThan(3);
        assertThat(all.stream().filter(resource -> !resource.closed)).hasSize(1);
    }

    private Resource take(String key, Resource resource) {
        try (Leases<Resource>.Lease lease = leases.take(key, () -> resource)) {
            return lease.get();
        }
    }
}
