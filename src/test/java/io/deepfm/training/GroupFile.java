package io.deepfm.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** A shard or a file of candidate lists as Spark writes them, with an hour as the context. */
public final class GroupFile {

    private static final MessageType COLUMNS = MessageTypeParser.parseMessageType(
            """
            message spark_schema {
              optional int32 user_index;
              optional int32 item_index;
              optional int32 label;
              optional group negatives (LIST) { repeated group list { required int32 element; } }
              optional int32 hour;
            }""");

    private static final MessageType WEIGHTED = MessageTypeParser.parseMessageType(
            COLUMNS.toString().replace("optional int32 hour;", "optional int32 hour; optional float _weight;"));

    private GroupFile() {}

    /** A row: an interaction and its negatives. */
    public record Row(int user, int item, int label, int hour, Optional<Float> weight, int... negatives) {}

    /** Writes a file in place of the one that is there; all of its rows have a weight, or none has. */
    public static void write(Path file, List<Row> rows) throws IOException {
        Files.deleteIfExists(file);
        MessageType columns = rows.get(0).weight().isPresent() ? WEIGHTED : COLUMNS;
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toString()))
                .withType(columns)
                .build()) {
            for (Row row : rows) {
                Group group = new SimpleGroup(columns);
                group.add("user_index", row.user());
                group.add("item_index", row.item());
                group.add("label", row.label());
                Group negatives = group.addGroup("negatives");
                for (int negative : row.negatives()) {
                    negatives.addGroup("list").add("element", negative);
                }
                group.add("hour", row.hour());
                row.weight().ifPresent(weight -> group.add("_weight", weight));
                writer.write(group);
            }
        }
    }
}
