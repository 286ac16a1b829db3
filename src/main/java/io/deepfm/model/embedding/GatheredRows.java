package io.deepfm.model.embedding;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.deepfm.model.parameter.Block;
import io.deepfm.model.parameter.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
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

    private record Place(Part part, int number, Map<String, NDArray> ofFields) {}

    private final List<Part> parts;
    private final Map<Parameter, Place> places;
    private final Map<Part, long[]> cuts;
    private final Map<Part, NDList> pieces = new IdentityHashMap<>();

    private GatheredRows(List<Part> parts, Map<Parameter, Place> places, Map<Part, long[]> cuts) {
        this.parts = parts;
        this.places = places;
        this.cuts = cuts;
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
        Map<Parameter, Place> places = new LinkedHashMap<>();
        Map<Part, long[]> cuts = new IdentityHashMap<>();
        wanted.forEach((block, tables) -> {
            int count = tables.stream().mapToInt(table -> table.ids().length).sum();
            long[] rowsOfBlock = new long[count];
            long[] ends = new long[tables.size()];
            int end = 0;
            for (int i = 0; i < ends.length; i++) {
                long start = tables.get(i).table().start();
                for (int id : tables.get(i).ids()) {
                    rowsOfBlock[end++] = start + id;
                }
                ends[i] = end;
            }
            NDArray rowNumbers = manager.create(rowsOfBlock);
            NDArray values = FeatureEmbedding.gather(block.values(), rowNumbers);
            values.attach(manager);
            values.setRequiresGradient(true);
            Part part = new Part(block, rowNumbers, values);
            parts.add(part);
            cuts.put(part, Arrays.copyOf(ends, ends.length - 1));
            for (int i = 0; i < ends.length; i++) {
                Map<String, NDArray> ofFields = new HashMap<>();
                tables.get(i).places().forEach((field, rows) -> ofFields.put(field, manager.create(rows)));
                places.put(tables.get(i).table(), new Place(part, i, ofFields));
            }
        });
        return new GatheredRows(List.copyOf(parts), places, cuts);
    }

    /**
     * The copies by width.
     *
     * @return one part for each block of tables
     */
    public List<Part> parts() {
        return parts;
    }

    /** Cuts a part into its tables by one operation, whose gradient is put together by one. */
    @Override
    public NDArray of(Parameter table, String field) {
        Place place = places.get(table);
        NDArray rows = pieces.computeIfAbsent(
                        place.part(), part -> part.values().split(cuts.get(part), 0))
                .get(place.number());
        NDArray ofField = place.ofFields().get(field);
        return ofField == null ? rows : FeatureEmbedding.gather(rows, ofField);
    }
}
