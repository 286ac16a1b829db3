package io.deepfm.training.shard;

import java.util.Iterator;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * Computes a function of an iterator's next elements in a background thread, some ahead of whoever takes them.
 *
 * <p>An error of the iterator comes out of {@link #next} in its place, as it is.
 *
 * @param <T> the elements' type
 */
public final class ReadAhead<T> implements AutoCloseable {

    private static final long POLL_MILLIS = 20;

    /** An element, or the error that ends them. */
    private record Read<T>(T element, Throwable error) {}

    private final BlockingQueue<Read<T>> queue;
    private final Thread thread;

    /**
     * @param elements used by the background thread alone from now on
     * @param function what becomes of each, in that thread
     * @param ahead how many elements may wait to be taken
     * @param name the thread's name
     */
    public <S> ReadAhead(Iterator<S> elements, Function<S, T> function, int ahead, String name) {
        this.queue = new ArrayBlockingQueue<>(ahead);
        this.thread = new Thread(() -> read(elements, function), name);
        thread.setDaemon(true);
        thread.start();
    }

    private <S> void read(Iterator<S> elements, Function<S, T> function) {
        try {
            try {
                while (elements.hasNext()) {
                    queue.put(new Read<>(function.apply(elements.next()), null));
                }
            } catch (RuntimeException | Error e) {
                queue.put(new Read<>(null, e));
            }
        } catch (InterruptedException e) {
            // Closed: nobody takes any more.
        }
    }

    /**
     * Takes the next element; waits until it is there. To be called as often as there are elements.
     *
     * @return the element
     * @throws CancellationException if the thread is interrupted
     */
    public T next() {
        Read<T> read;
        try {
            read = queue.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("Interrupted while waiting for " + thread.getName());
        }
        if (read.error() instanceof Error error) {
            throw error;
        }
        if (read.error() != null) {
            throw (RuntimeException) read.error();
        }
        return read.element();
    }

    /** Stops the background thread, and waits until it reads no more. */
    @Override
    public void close() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            // Again and again, as it may have taken the first interruption for an error that it wants to hand over.
            thread.interrupt();
            queue.clear();
            try {
                thread.join(POLL_MILLIS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
