package io.deepfm.cli.option;

import org.apache.hadoop.fs.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option's text that is a path of one of Hadoop's file systems; where it is none, the error names the option. */
public final class PathText implements ITypeConverter<String> {

    @Override
    public String convert(String text) {
        try {
            // Kept as it was written, for messages.
            new Path(text);
            return text;
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is not a path: "
                    + (text.contains(":")
                            ? "what is before the colon would be a file system's name. Write ./" + text
                                    + " instead. A local file that is read must be renamed: Hadoop opens none with a colon."
                            : e.getMessage()));
        }
    }
}
