package io.deepfm.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** All that a run left, in a form in which two runs may be compared. */
final class FilesOfARun {

    private final FileSystem fs;
    private final Path root;

    FilesOfARun(FileSystem fs, Path root) {
        this.fs = fs;
        this.root = fs.makeQualified(root);
    }

    /** Every file's path below the root. */
    List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        RemoteIterator<LocatedFileStatus> files = fs.listFiles(root, true);
        while (files.hasNext()) {
            names.add(relative(files.next().getPath()));
        }
        return names;
    }

    /**
     * The rows of every folder with Parquet files. A table's are sorted, as its files may be any; a shard's order is what
     * the trainer sees, so it stays.
     */
    Map<String, List<String>> tables() throws IOException {
        Map<String, List<String>> tables = new TreeMap<>();
        for (String name : names()) {
            if (name.endsWith(".parquet")) {
                Path file = new Path(root, name);
                // The folder of a run's epochs bears a digest of the run's place.
                String table = relative(file.getParent()).replaceFirst("epochs/[^/]+/", "epochs/");
                tables.computeIfAbsent(table, key -> new ArrayList<>()).addAll(rows(file));
            }
        }
        tables.forEach((name, rows) -> {
            if (!name.contains("shard=")) {
                rows.sort(null);
            }
        });
        return tables;
    }

    /** A file's bytes. */
    byte[] bytes(String name) throws IOException {
        try (var in = fs.open(new Path(root, name))) {
            return in.readAllBytes();
        }
    }

    private List<String> rows(Path file) throws IOException {
        List<String> rows = new ArrayList<>();
        try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), file)
                .withConf(fs.getConf())
                .build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                rows.add(row.toString());
            }
        }
        return rows;
    }

    private String relative(Path path) {
        return root.toUri().relativize(path.toUri()).getPath();
    }
}
