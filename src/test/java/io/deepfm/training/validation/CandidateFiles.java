package io.deepfm.training.validation;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/** Candidate lists of one positive and 19 negatives, with an hour. */
final class CandidateFiles {

    private static final MessageType COLUMNS = MessageTypeParser.parseMessageType(
            """
            message spark_schema {
              optional int32 user_index;
              optional int32 item_index;
              optional int32 label;
              optional group negatives (LIST) { repeated group list { required int32 element; } }
              optional int32 hour;
            }""");

    private CandidateFiles() {}

    /** The lists of users from one to another, whose positives are among the first items and whose negatives among the others. */
    static void write(Path file, int from, int to, int positives, int others) throws IOException {
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new org.apache.hadoop.fs.Path(file.toString()))
                .withType(COLUMNS)
                .build()) {
            for (int user = from; user < to; user++) {
                Group group = new SimpleGroup(COLUMNS);
                group.add("user_index", user);
                group.add("item_index", user % positives);
                group.add("label", 1);
                Group negatives = group.addGroup("negatives");
                for (int i = 0; i < 19; i++) {
                    negatives.addGroup("list").add("element", positives + (7 * user + 3 * i) % others);
                }
                group.add("hour", 1 + user % 4);
                writer.write(group);
            }
        }
    }
}
