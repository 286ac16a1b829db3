package io.deepfm.data.read;

import java.io.Serializable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the blocks begin in which Spark reads the files of a source: so a row's number follows from its place in its block,
 * however Spark cuts files into blocks and orders them.
 *
 * @param rows the number of rows in all files
 * @param starts by block: the number of rows before it, in all files and in its own
 */
record RowNumbers(long rows, Map<Block, Start> starts) implements Serializable {

    /**
     * A part of a file.
     *
     * @param file its path
     * @param offset where in the file the part begins
     */
    record Block(String file, long offset) implements Serializable {}

    /**
     * A part of a file and what it holds.
     *
     * @param block the part
     * @param lines its rows, with those that are none, such as blank lines
     * @param rows its rows
     */
    record Counted(Block block, long lines, long rows) implements Serializable {}

    /**
     * Where a block begins.
     *
     * @param row the number of lines in the blocks before it
     * @param line the number of lines in the blocks before it of the same file
     */
    record Start(long row, long line) implements Serializable {}

    /** Where the first block begins. */
    static final Start FIRST = new Start(0, 0);

    /** Where a block begins that was counted. */
    Start start(Block block) {
        return starts.get(block);
    }

    /** Numbers files in the order of their paths. */
    static RowNumbers of(List<Counted> blocks) {
        Map<Block, Start> starts = new HashMap<>();
        long row = 0;
        long line = 0;
        long rows = 0;
        String file = null;
        for (Counted counted : blocks.stream()
                .sorted(Comparator.comparing(
                                (Counted counted) -> counted.block().file())
                        .thenComparing(counted -> counted.block().offset()))
                .toList()) {
            line = counted.block().file().equals(file) ? line : 0;
            file = counted.block().file();
            starts.put(counted.block(), new Start(row, line));
            row += counted.lines();
            line += counted.lines();
            rows += counted.rows();
        }
        return new RowNumbers(rows, starts);
    }
}
