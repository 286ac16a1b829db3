package io.deepfm.data.lines;

import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.hadoop.io.Text;

/**
 * The records of a file: its lines, or several of them together where a quoted value spans lines. If no line closes the quote
 * rightly, the line that opens it is a record by itself, so that a stray quote costs one line and not the rest of the file.
 */
public final class LineRecords implements Iterator<LineRecords.Placed> {

    /** The most lines of one record. */
    public static final int MOST_LINES = 1000;

    /**
     * A record and where it begins.
     *
     * @param place the number of lines before it
     * @param text its lines with a line feed between two; valid until the next record is asked for
     */
    public record Placed(long place, Text text) {}

    private final Iterator<Text> lines;
    private final LineParser parser;
    private final Charset charset;
    private final boolean spanLines;
    /** Lines that were read, but belong to later records. */
    private final Deque<Text> ahead = new ArrayDeque<>();

    private long taken;

    /**
     * @param lines the lines without their ends; each is valid until the next one is asked for
     * @param parser takes records apart
     * @param charset the lines' character set
     * @param spanLines whether values may span lines
     */
    public LineRecords(Iterator<Text> lines, LineParser parser, Charset charset, boolean spanLines) {
        this.lines = lines;
        this.parser = parser;
        this.charset = charset;
        this.spanLines = spanLines;
    }

    /** The number of lines of the records so far. */
    public long lines() {
        return taken;
    }

    @Override
    public boolean hasNext() {
        return !ahead.isEmpty() || lines.hasNext();
    }

    @Override
    public Placed next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        long place = taken;
        Text line = take();
        return new Placed(place, spanLines && parser.isOpen(decoded(line)) ? closed(line) : line);
    }

    private Text take() {
        taken++;
        Text line = ahead.isEmpty() ? lines.next() : ahead.removeFirst();
        return spanLines ? new Text(line) : line;
    }

    /** A line with those up to the one that closes its quote; the line alone where there is none. */
    private Text closed(Text first) {
        Text record = new Text(first);
        List<Text> more = new ArrayList<>();
        String text = decoded(record);
        while (parser.isOpen(text) && more.size() < MOST_LINES - 1 && hasNext()) {
            Text line = take();
            more.add(line);
            record.append(new byte[] {'\n'}, 0, 1);
            record.append(line.getBytes(), 0, line.getLength());
            text = decoded(record);
        }
        if (parser.values(text) != null) {
            return record;
        }
        for (int i = more.size() - 1; i >= 0; i--) {
            ahead.addFirst(more.get(i));
        }
        taken -= more.size();
        return first;
    }

    private String decoded(Text line) {
        return new String(line.getBytes(), 0, line.getLength(), charset);
    }
}
