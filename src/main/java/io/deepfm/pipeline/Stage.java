package io.deepfm.pipeline;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/** A step of the pipeline over a {@link WorkDirectory}. */
public interface Stage {

    /**
     * The name, which is its manifest's.
     *
     * @return such as {@code ingest}
     */
    String name();

    /**
     * The entries of the work directory that the stage writes.
     *
     * @return relative paths
     */
    List<String> outputs();

    /**
     * What the stage reads, by name.
     *
     * @return digests of files and fingerprints of earlier stages
     */
    Map<String, String> inputs();

    /**
     * The digest of the settings, without inputs and code.
     *
     * @return to which inputs and code are added
     */
    Fingerprint settings();

    /**
     * The digest of all that decides the output.
     *
     * @return settings, code and inputs
     */
    default String fingerprint() {
        return fingerprint(inputs());
    }

    /**
     * The digest of all that decides the output.
     *
     * @param inputs what {@link #inputs} gave, which may have read large files for it
     * @return settings, code and inputs
     */
    default String fingerprint(Map<String, String> inputs) {
        Fingerprint fingerprint = settings().add("program", Program.digest());
        // By name, as a map's own order may differ from one JVM to the next.
        new TreeMap<>(inputs).forEach(fingerprint::add);
        return fingerprint.hex();
    }

    /**
     * Computes the output.
     *
     * @param target a fresh folder in which to write each of {@link #outputs}
     * @return row counts by name
     */
    Map<String, Long> run(Path target);

    /**
     * Computes the outputs of several stages.
     *
     * @param <S> the stages' type
     */
    @FunctionalInterface
    interface Computation<S extends Stage> {

        /**
         * Computes.
         *
         * @param stages what is wanted, at least one
         * @param target a fresh folder in which to write each stage's outputs
         * @return row counts by name, for each stage
         */
        List<Map<String, Long>> run(List<S> stages, Path target);
    }
}
