package io.deepfm.training.validation;

import io.deepfm.training.GroupFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Candidate lists of one positive and 19 negatives, with an hour. */
final class CandidateFiles {

    private CandidateFiles() {}

    /** The lists of users from one to another, whose positives are among the first items and whose negatives among the others. */
    static void write(Path file, int from, int to, int positives, int others) throws IOException {
        List<GroupFile.Row> lists = IntStream.range(from, to)
                .mapToObj(user -> new GroupFile.Row(
                        user,
                        user % positives,
                        1,
                        1 + user % 4,
                        Optional.empty(),
                        IntStream.range(0, 19)
                                .map(i -> positives + (7 * user + 3 * i) % others)
                                .toArray()))
                .toList();
        GroupFile.write(file, lists);
    }
}
