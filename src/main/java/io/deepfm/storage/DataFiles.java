package io.deepfm.storage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/** The files of a file system that hold data: all but those whose names Hadoop's tools hide; in the order of their paths. */
record DataFiles(FileSystem fs) {

    /** A file itself, those in a folder, or those that match a pattern, whatever these are called. */
    List<FileStatus> matching(Path path) throws IOException {
        List<FileStatus> files = new ArrayList<>();
        FileStatus[] found = fs.globStatus(path);
        for (FileStatus entry : found == null ? new FileStatus[0] : found) {
            if (entry.isDirectory()) {
                files.addAll(below(entry.getPath(), ""));
            } else {
                files.add(entry);
            }
        }
        files.sort(null);
        return files;
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
        found.removeIf(file -> {
            String name = file.getPath().getName();
            return !name.endsWith(ending) || name.startsWith("_") || name.startsWith(".");
        });
        found.sort(null);
        return found;
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
