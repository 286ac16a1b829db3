package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.deepfm.model.parameter.Block;
import io.deepfm.model.parameter.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies of those rows of the embedding tables that a batch reads, which alone get gradients: an id of the batch is a row's
 * place among those of its field. Where fields share a table, a row that several of them read is copied once. An object
 * serves one pass.
 */
public final class GatheredRows implements TableRows {

    /**
     * The rows of the tables of one width.
     *
     * @param block the tables
     * @param rows which rows of {@code block} they are, int64, shape (U)
     * @param values the copies, shape (U, width)
     */
    public record Part(Block block, NDArray rows, NDArray values) {}

    /**
     * Which of a table's rows are wanted.
     *
     * @param table an embedding table
     * @param ids different rows of it, 0 the first of them
     * @param places for each field that reads some of them alone, where each of its rows stands in {@code ids}; a field that is
     *     not there reads all
     */
    public record Wanted(Parameter table, int[] ids, Map<String, int[]> places) {

        /**
         * Rows that every field of the table reads.
         *
         * @param table an embedding table
         * @param ids different rows of it, 0 the first of them
         */
        public Wanted(Parameter table, int[] ids) {
            this(table, ids, Map.of());
        }
    }

    private record Table(Part part, long start, Map<String, NDArray> ofFields) {}

    private final List<Part> parts;
    private final Map<Parameter, Table> tables;

    private GatheredRows(List<Part> parts, Map<Parameter, Table> tables) {
        this.parts = parts;
        this.tables = tables;
    }

    /**
     * Copies rows.
     *
     * @param manager owns the copies
     * @param wanted for each block of tables what is wanted of them
     * @return the rows, which require gradients
     */
    public static GatheredRows gather(NDManager manager, Map<Block, List<Wanted>> wanted) {
        List<Part> parts = new ArrayList<>();
        Map<Parameter, Table> tables = new HashMap<>();
        wanted.forEach((block, ofBlock) -> {
            int count = ofBlock.stream().mapToInt(table -> table.ids().length).sum();
            long[] rowsOfBlock = new long[count];
            int end = 0;
            for (Wanted table : ofBlock) {
                for (int id : table.ids()) {
                    rowsOfBlock[end++] = table.table().start() + id;
                }
            }
            NDArray rowNumbers = manager.create(rowsOfBlock);
            NDArray values = FeatureEmbedding.gather(block.values(), rowNumbers);
            values.attach(manager);
            values.setRequiresGradient(true);
            Part part = new Part(block, rowNumbers, values);
            parts.add(part);
            long start = 0;
            for (Wanted table : ofBlock) {
                Map<String, NDArray> ofFields = new HashMap<>();
                table.places()
                        .forEach((field, rows) -> ofFields.put(field, manager.create(FeatureBatch.rowNumbers(rows))));
                tables.put(table.table(), new Table(part, start, ofFields));
                start += table.ids().length;
            }
        });
        return new GatheredRows(List.copyOf(parts), tables);
    }

    /**
     * The copies by width.
     *
     * @return one part for each block of tables
     */
    public List<Part> parts() {
        return parts;
    }

    @Override
    public Place of(Parameter table, String field) {
        Table found = tables.get(table);
        return new Place(found.part().values(), found.start(), found.ofFields().get(field));
    }
}
