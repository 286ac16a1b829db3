package io.deepfm.scoring.task;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One thing at a time that many tasks share, opened by the first who wants it. When another takes its place, it is closed
 * as soon as the last task that still uses it gives its lease back.
 *
 * @param <T> holds memory that the garbage collector does not see
 */
final class Leases<T extends AutoCloseable> {

    /** What is open, and how many use it. */
    private static final class Entry<T> {
        private final T value;
        private int leases;

        Entry(T value) {
            this.value = value;
        }
    }

    /** The use of what is shared, until it is closed; closing it again does nothing. */
    final class Lease implements AutoCloseable {
        private final String key;
        private final T value;
        private boolean returned;

        private Lease(String key, T value) {
            this.key = key;
            this.value = value;
        }

        T get() {
            return value;
        }

        @Override
        public void close() {
            synchronized (Leases.this) {
                if (!returned) {
                    returned = true;
                    open.get(key).leases--;
                    closeIfUnused(key);
                }
            }
        }
    }

    private final Map<String, Entry<T>> open = new HashMap<>();
    private String current;

    /**
     * Takes a lease.
     *
     * @param key identifies what is wanted; from now on this is what stays open while nobody uses it
     * @param opener opens it, if it is not open
     * @return to be closed after use
     */
    synchronized Lease take(String key, Supplier<T> opener) {
        if (!key.equals(current)) {
            String replaced = current;
            current = key;
            // First, so that the two need not fit into memory together.
            closeIfUnused(replaced);
        }
        Entry<T> entry = open.computeIfAbsent(key, absent -> new Entry<>(opener.get()));
        entry.leases++;
        return new Lease(key, entry.value);
    }

    private void closeIfUnused(String key) {
        Entry<T> entry = open.get(key);
        if (entry != null && entry.leases == 0 && !key.equals(current)) {
            open.remove(key);
            try {
                entry.value.close();
            } catch (Exception e) {
                throw new IllegalStateException("Cannot close " + key, e);
            }
        }
    }
}
