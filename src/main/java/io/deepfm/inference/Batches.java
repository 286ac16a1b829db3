package io.deepfm.inference;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.ToIntFunction;

/**
 * Cuts a stream into batches to score: as many elements as have so many candidates together, and at least one. What a
 * batch holds depends on the elements alone, and memory does not grow with their number.
 *
 * @param <T> a row, or a list of candidates
 */
public final class Batches<T> implements Iterator<List<T>> {

    private final Iterator<T> elements;
    private final int batchSize;
    private final ToIntFunction<T> candidates;
    private T ahead;

    /**
     * @param elements what is cut
     * @param batchSize the most candidates per batch, unless one element alone has more
     * @param candidates how many an element has
     */
    public Batches(Iterator<T> elements, int batchSize, ToIntFunction<T> candidates) {
        this.elements = elements;
        this.batchSize = batchSize;
        this.candidates = candidates;
    }

    @Override
    public boolean hasNext() {
        return ahead != null || elements.hasNext();
    }

    @Override
    public List<T> next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        List<T> batch = new ArrayList<>();
        batch.add(ahead == null ? elements.next() : ahead);
        ahead = null;
        long size = candidates.applyAsInt(batch.get(0));
        // A full batch leaves the next element where it is.
        while (size < batchSize && elements.hasNext()) {
            T element = elements.next();
            size += candidates.applyAsInt(element);
            if (size > batchSize) {
                ahead = element;
                break;
            }
            batch.add(element);
        }
        return batch;
    }
}
