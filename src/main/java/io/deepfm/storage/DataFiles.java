package io.deepfm.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The files of a file system that hold data, in the order of their paths: all but those that Spark passes over, as what
 * unfinished jobs and other tools leave beside data has such names. What a caller names itself is never hidden.
 */
record DataFiles(FileSystem fs) {

    private static final Pattern PATTERN = Pattern.compile("[{}\\[\\]*?\\\\]");

    /** A file itself, those in a folder, or those that match a pattern. */
    List<FileStatus> matching(Path path) throws IOException {
        List<FileStatus> files = new ArrayList<>();
        Path named = fs.makeQualified(path);
        for (FileStatus entry : found(named)) {
            if (isHidden(entry.getPath(), named)) {
                continue;
            }
            if (entry.isDirectory()) {
                files.addAll(below(entry.getPath(), ""));
            } else {
                files.add(entry);
            }
        }
        files.sort(null);
        return files;
    }

    /** As for Spark, what has no sign of a pattern is none: Hadoop's patterns may have no colon in a name. */
    private List<FileStatus> found(Path named) throws IOException {
        if (PATTERN.matcher(named.toString()).find()) {
            FileStatus[] found = fs.globStatus(named);
            return found == null ? List.of() : List.of(found);
        }
        try {
            return List.of(fs.getFileStatus(named));
        } catch (FileNotFoundException e) {
            return List.of();
        }
    }

    /** Those in a folder and the folders in it. */
    List<FileStatus> below(Path folder, String ending) throws IOException {
        List<FileStatus> found = new ArrayList<>();
        if (fs instanceof LocalFileSystem) {
            addFiles(folder, found);
        } else {
            // One request for a whole tree of an object store.
            RemoteIterator<LocatedFileStatus> all = fs.listFiles(folder, true);
            while (all.hasNext()) {
                found.add(all.next());
            }
        }
        int depth = fs.makeQualified(folder).depth();
        found.removeIf(file -> !file.getPath().getName().endsWith(ending) || isHidden(file.getPath(), depth));
        found.sort(null);
        return found;
    }

    /** Whether a part of the path below so many others is hidden. */
    private static boolean isHidden(Path path, int depth) {
        return path.depth() > depth && (isHidden(path.getName()) || isHidden(path.getParent(), depth));
    }

    /** Whether a pattern's asterisk, and not its own text, stands for what is hidden. */
    private static boolean isHidden(Path hit, Path pattern) {
        return hit != null
                && pattern != null
                && (isHidden(hit.getName()) && !isHidden(pattern.getName())
                        || isHidden(hit.getParent(), pattern.getParent()));
    }

    /** A partition's folder, such as {@code _day=1}, is not. */
    private static boolean isHidden(String name) {
        return name.startsWith(".") || name.startsWith("_") && !name.contains("=");
    }

    /** Folder by folder: to say where a local file's blocks are, Hadoop starts a process for each one. */
    private void addFiles(Path folder, List<FileStatus> found) throws IOException {
        for (FileStatus entry : fs.listStatus(folder)) {
            if (entry.isDirectory()) {
                addFiles(entry.getPath(), found);
            } else {
                found.add(entry);
            }
        }
    }
}
